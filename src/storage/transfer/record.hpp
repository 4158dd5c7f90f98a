// What one line of an export says, whatever the format.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "model/quality.hpp"

namespace wl::storage {

struct SampleRecord {
  std::string key;   ///< `conveyor.power_kw`
  double value = 0;  ///< Any double; NaN and infinities only in CSV.
  Quality quality;
  Timestamp time{};

  bool operator==(const SampleRecord&) const = default;
};

/// What was proven of the link from this time on, until the next record of this kind. Without it a
/// value would have no length, and there were no mean and no coverage.
enum class LinkState { unknown, alive, gap };

struct LinkRecord {
  LinkState state = LinkState::unknown;
  Timestamp time{};
  std::string cause;  ///< Of a gap.

  bool operator==(const LinkRecord&) const = default;
};

using Record = std::variant<SampleRecord, LinkRecord>;

/// The name under which link records stand among the points.
inline constexpr std::string_view link_key = "wattline.link";

}  // namespace wl::storage
