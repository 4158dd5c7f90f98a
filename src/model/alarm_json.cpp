#include "model/alarm_json.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <limits>

#include "model/json_text.hpp"

namespace wl {
namespace {

namespace json = boost::json;

/// Writes an object member by member.
class Members {
 public:
  Members& text(std::string_view name, const std::string& value) {
    return raw(name, json_quoted(value));
  }
  Members& number(std::string_view name, double value) { return raw(name, json_number(value)); }
  Members& count(std::string_view name, std::uint64_t value) {
    return raw(name, fmt::to_string(value));
  }
  Members& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  Members& time(std::string_view name, std::optional<Timestamp> value) {
    return raw(name, value ? '"' + to_iso8601(*value) + '"' : "null");
  }
  Members& id(std::string_view name, std::optional<std::uint64_t> value) {
    return raw(name, value ? fmt::to_string(*value) : "null");
  }
  std::string take() { return text_ + '}'; }

 private:
  Members& raw(std::string_view name, std::string_view value) {
    text_ += text_.size() == 1 ? "\"" : ",\"";
    text_.append(name).append("\":").append(value);
    return *this;
  }
  std::string text_ = "{";
};

std::string text_of(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

double number_of(const json::object& object, std::string_view name) {
  const json::value& value = object.at(name);
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  return value.to_number<double>();
}

std::optional<Timestamp> time_of(const json::object& object, std::string_view name) {
  const json::value& value = object.at(name);
  if (value.is_null()) return std::nullopt;
  return json_time(value);
}

}  // namespace

std::string alarm_json(const AlarmRow& row) {
  return Members()
      .count("id", row.id)
      .text("alarm_key", row.key)
      .time("timestamp", row.timestamp)
      .text("device_id", row.device_id)
      .text("parameter_name", row.parameter_name)
      .text("alarm_type", row.alarm_type)
      .text("message_key", row.message_key)
      .text("message", row.message)
      .text("alarm_level", row.alarm_level)
      .number("threshold_value", row.threshold_value)
      .number("actual_value", row.actual_value)
      .text("state", row.state)
      .flag("active", row.active)
      .time("cleared_at", row.cleared_at)
      .flag("acknowledged", row.acknowledged)
      .text("acknowledged_by", row.acknowledged_by)
      .time("acknowledged_at", row.acknowledged_at)
      .text("note", row.note)
      .text("shelved_by", row.shelved_by)
      .time("shelved_until", row.shelved_until)
      .count("raise_count", row.raise_count)
      .count("suppressed_count", row.suppressed_count)
      .time("announced_at", row.announced_at)
      .text("announced_level", row.announced_level)
      .flag("announced", row.announced)
      .flag("chattering", row.chattering)
      .id("superseded_by", row.superseded_by)
      .take();
}

AlarmRow alarm_from_json(const json::object& object) {
  AlarmRow row;
  row.id = object.at("id").to_number<std::uint64_t>();
  row.key = text_of(object, "alarm_key");
  row.timestamp = json_time(object.at("timestamp"));
  row.device_id = text_of(object, "device_id");
  row.parameter_name = text_of(object, "parameter_name");
  row.alarm_type = text_of(object, "alarm_type");
  row.message_key = text_of(object, "message_key");
  row.message = text_of(object, "message");
  row.alarm_level = text_of(object, "alarm_level");
  row.threshold_value = number_of(object, "threshold_value");
  row.actual_value = number_of(object, "actual_value");
  row.state = text_of(object, "state");
  row.active = object.at("active").as_bool();
  row.cleared_at = time_of(object, "cleared_at");
  row.acknowledged = object.at("acknowledged").as_bool();
  row.acknowledged_by = text_of(object, "acknowledged_by");
  row.acknowledged_at = time_of(object, "acknowledged_at");
  row.note = text_of(object, "note");
  row.shelved_by = text_of(object, "shelved_by");
  row.shelved_until = time_of(object, "shelved_until");
  row.raise_count = object.at("raise_count").to_number<std::uint32_t>();
  row.suppressed_count = object.at("suppressed_count").to_number<std::uint32_t>();
  row.announced_at = time_of(object, "announced_at");
  row.announced_level = text_of(object, "announced_level");
  row.announced = object.at("announced").as_bool();
  row.chattering = object.at("chattering").as_bool();
  if (const json::value& by = object.at("superseded_by"); !by.is_null()) {
    row.superseded_by = by.to_number<std::uint64_t>();
  }
  return row;
}

}  // namespace wl
