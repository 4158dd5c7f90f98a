// What a client sends about alarms and thresholds, as values. Each mistake names its member.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "model/alarm_row.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// {ids, minutes, note}; which of them must be there depends on the order.
struct OrderBody {
  std::vector<std::uint64_t> ids;  ///< Each once.
  int minutes = 0;
  std::string note;
};

enum class Wants { note, ids, minutes };

/// `wanted` may be missing from a body only when it is the note. An empty body is {}.
std::expected<OrderBody, Problem> parse_order_body(std::string_view body, Wants wanted);

/// The members of a threshold that `body` names take the place of those in `row`; the others stay.
/// device_id, parameter_name, kind, direction, threshold_value, alarm_level (null or "": by the
/// excess), hysteresis, on_delay_ms, off_delay_ms, setpoint_parameter, setpoint_value, enabled.
/// What an answer has beside them (id, version …) is ignored; unknown members are refused: a
/// mistyped one would silently not count.
std::expected<ThresholdRow, Problem> read_threshold(std::string_view body, ThresholdRow row);

struct PreviewBody {
  ThresholdRow threshold;
  int days = 7;  ///< 1 to 30.
};
/// A threshold and `days`.
std::expected<PreviewBody, Problem> parse_preview_body(std::string_view body);

}  // namespace wl::web
