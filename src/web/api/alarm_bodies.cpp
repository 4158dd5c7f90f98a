#include "web/api/alarm_bodies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "model/live_order.hpp"

namespace wl::web {
namespace {

namespace json = boost::json;

constexpr int most_days = 30;

Problem bad_member(std::string_view name, std::string_view zh_cn, std::string_view en) {
  return problems::bad_request(fmt::format("{}:{}", name, zh_cn), fmt::format("{}: {}", name, en));
}

/// A body read member by member: the first mistake is kept, the rest is skipped.
class Body {
 public:
  explicit Body(std::string_view text) {
    boost::system::error_code error;
    json::value value = json::parse(text.empty() ? "{}" : json::string_view(text), error);
    if (error || !value.is_object()) {
      refuse(problems::bad_request("请求体不是 JSON 对象", "the body is not a JSON object"));
    } else {
      object_ = std::move(value.get_object());
    }
  }

  bool has(std::string_view name) const { return object_.contains(name); }

  void text(std::string_view name, std::string& to, std::size_t most_bytes) {
    const json::value* value = take(name);
    if (value == nullptr) return;
    if (!value->is_string() || value->get_string().size() > most_bytes) {
      return refuse(bad_member(name, fmt::format("应为不超过 {} 字节的文本", most_bytes),
                               fmt::format("should be a text of at most {} bytes", most_bytes)));
    }
    to = std::string_view(value->get_string());
  }

  void number(std::string_view name, double& to) {
    const json::value* value = take(name);
    if (value == nullptr) return;
    if (!value->is_number() || !std::isfinite(value->to_number<double>()))
      return refuse(bad_member(name, "应为数字", "should be a number"));
    to = value->to_number<double>();
  }

  void whole(std::string_view name, std::int64_t& to, std::int64_t low, std::int64_t high) {
    const json::value* value = take(name);
    if (value == nullptr) return;
    if (!value->is_int64() || value->get_int64() < low || value->get_int64() > high) {
      return refuse(bad_member(name, fmt::format("应为 {} – {} 的整数", low, high),
                               fmt::format("should be a whole number, {} – {}", low, high)));
    }
    to = value->get_int64();
  }

  void flag(std::string_view name, bool& to) {
    const json::value* value = take(name);
    if (value == nullptr) return;
    if (!value->is_bool())
      return refuse(bad_member(name, "应为 true 或 false", "should be true or false"));
    to = value->get_bool();
  }

  void ids(std::vector<std::uint64_t>& to) {
    const json::value* value = take("ids");
    const std::size_t count = value != nullptr && value->is_array() ? value->get_array().size() : 0;
    if (count == 0 || count > max_order_ids) return refuse_ids();
    for (const json::value& id : value->get_array()) {
      if (!id.is_int64() || id.get_int64() <= 0) return refuse_ids();
      to.push_back(static_cast<std::uint64_t>(id.get_int64()));
    }
    std::ranges::sort(to);
    to.erase(std::ranges::unique(to).begin(), to.end());
  }

  /// A member that is null counts as this text.
  void null_is_empty(std::string_view name) {
    if (json::value* value = object_.if_contains(name); value != nullptr && value->is_null())
      *value = "";
  }

  /// A member that an answer has, for those who send the whole answer back; it changes nothing.
  void ignore(std::string_view name) { take(name); }

  void need(std::string_view name) {
    if (!has(name)) refuse(bad_member(name, "缺少", "is missing"));
  }

  void refuse(Problem problem) {
    if (!problem_) problem_ = std::move(problem);
  }

  /// The first mistake; or a member that nobody asked for.
  std::optional<Problem> mistake() {
    for (const auto& member : object_) {
      const std::string_view name = member.key();
      if (std::ranges::find(taken_, name) == taken_.end())
        refuse(bad_member(name.substr(0, 40), "未知的字段", "is not a member that is known here"));
    }
    return problem_;
  }

 private:
  const json::value* take(std::string_view name) {
    taken_.emplace_back(name);
    return object_.if_contains(name);
  }
  void refuse_ids() {
    refuse(bad_member("ids", fmt::format("应为 1 – {} 个报警编号的数组", max_order_ids),
                      fmt::format("should be an array of 1 – {} alarm ids", max_order_ids)));
  }

  json::object object_;
  std::vector<std::string> taken_;
  std::optional<Problem> problem_;
};

void read_members(Body& body, ThresholdRow& row) {
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
  Body body(text);
  OrderBody order;
  body.text("note", order.note, max_order_note);
  if (wanted == Wants::ids) body.ids(order.ids);
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
  Body body(text);
  const bool is_new = row.device_id.empty();
  for (const std::string_view name : {"device_id", "parameter_name", "threshold_value"})
    if (is_new) body.need(name);
  read_members(body, row);
  if (auto problem = body.mistake()) return std::unexpected(std::move(*problem));
  return row;
}

std::expected<PreviewBody, Problem> parse_preview_body(std::string_view text) {
  Body body(text);
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
