#include "web/api/alarm_bodies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/live_order.hpp"
#include "web/api/body_reader.hpp"

namespace wl::web {
namespace {

constexpr int most_days = 30;

/// Numbers of alarms, each once.
std::vector<std::uint64_t> ids_of(BodyReader& body) {
  std::vector<std::uint64_t> ids;
  for (const std::int64_t id : body.whole_numbers("ids", max_order_ids))
    ids.push_back(static_cast<std::uint64_t>(id));
  if (!ids.empty() && std::ranges::max(ids) > max_order_id) {
    body.refuse("ids", fmt::format("报警编号不超过 {}", max_order_id),
                fmt::format("ids of alarms are at most {}", max_order_id));
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

void read_members(BodyReader& body, ThresholdRow& row) {
  constexpr std::size_t longest_name = 190;  // Of the columns in MariaDB.
  std::int64_t on_delay_ms = row.on_delay.count();
  std::int64_t off_delay_ms = row.off_delay.count();
  constexpr std::int64_t a_day_ms = 86'400'000;
  body.null_is_empty("alarm_level");
  body.text("device_id", row.device_id, longest_name);
  body.text("parameter_name", row.parameter_name, longest_name);
  body.text("kind", row.kind, 20);
  body.text("direction", row.direction, 20);
  body.text("alarm_level", row.alarm_level, 20);
  body.number("threshold_value", row.threshold_value);
  body.number("hysteresis", row.hysteresis);
  body.whole("on_delay_ms", on_delay_ms, 0, a_day_ms);
  body.whole("off_delay_ms", off_delay_ms, 0, a_day_ms);
  body.text("setpoint_parameter", row.setpoint_parameter, longest_name);
  body.number("setpoint_value", row.setpoint_value);
  body.flag("enabled", row.enabled);
  for (const std::string_view name :
       {"id", "device_name", "unit", "updated_by", "updated_at", "version"})
    body.ignore(name);
  row.on_delay = Milliseconds{on_delay_ms};
  row.off_delay = Milliseconds{off_delay_ms};
}

}  // namespace

std::expected<OrderBody, Problem> parse_order_body(std::string_view text, Wants wanted) {
  BodyReader body(text);
  OrderBody order;
  body.text("note", order.note, max_order_note);
  if (wanted == Wants::ids) order.ids = ids_of(body);
  if (wanted == Wants::minutes) {
    std::int64_t minutes = 0;
    body.need("minutes");
    body.whole("minutes", minutes, 1, max_shelve_minutes);
    order.minutes = static_cast<int>(minutes);
  }
  if (auto problem = body.mistake()) return std::unexpected(std::move(*problem));
  return order;
}

std::expected<ThresholdRow, Problem> read_threshold(std::string_view text, ThresholdRow row) {
  BodyReader body(text);
  const bool is_new = row.device_id.empty();
  for (const std::string_view name : {"device_id", "parameter_name", "threshold_value"})
    if (is_new) body.need(name);
  read_members(body, row);
  if (auto problem = body.mistake()) return std::unexpected(std::move(*problem));
  return row;
}

std::expected<PreviewBody, Problem> parse_preview_body(std::string_view text) {
  BodyReader body(text);
  PreviewBody preview;
  std::int64_t days = preview.days;
  for (const std::string_view name : {"device_id", "parameter_name", "threshold_value"})
    body.need(name);
  read_members(body, preview.threshold);
  body.whole("days", days, 1, most_days);
  preview.days = static_cast<int>(days);
  if (auto problem = body.mistake()) return std::unexpected(std::move(*problem));
  return preview;
}

}  // namespace wl::web
