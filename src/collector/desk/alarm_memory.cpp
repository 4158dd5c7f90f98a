#include "collector/desk/alarm_memory.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <span>

#include "alarm/row.hpp"
#include "base/durable_file.hpp"
#include "model/alarm_json.hpp"
#include "model/json_text.hpp"

namespace wl::collector {
namespace {

namespace json = boost::json;

constexpr std::string_view format_name = "wattline alarm state";
constexpr int version = 1;

std::string checksum(std::string_view text) {
  return fmt::format("{:08x}", crc32c(std::as_bytes(std::span(text))));
}

std::string rule_json(const ThresholdRow& row) {
  return fmt::format(
      R"({{"id":{},"device_id":{},"parameter_name":{},"kind":{},"threshold_value":{},)"
      R"("alarm_level":{},"direction":{},"hysteresis":{},"on_delay_ms":{},"off_delay_ms":{},)"
      R"("setpoint_parameter":{},"setpoint_value":{},"enabled":{},"updated_by":{},)"
      R"("updated_at":"{}","version":{}}})",
      row.id, json_quoted(row.device_id), json_quoted(row.parameter_name), json_quoted(row.kind),
      json_number(row.threshold_value), json_quoted(row.alarm_level), json_quoted(row.direction),
      json_number(row.hysteresis), row.on_delay.count(), row.off_delay.count(),
      json_quoted(row.setpoint_parameter), json_number(row.setpoint_value), row.enabled,
      json_quoted(row.updated_by), to_iso8601(row.updated_at), row.version);
}

ThresholdRow rule_from(const json::object& object) {
  const auto text = [&](std::string_view name) { return std::string(object.at(name).as_string()); };
  const auto number = [&](std::string_view name) { return object.at(name).to_number<double>(); };
  const auto whole = [&](std::string_view name) {
    return object.at(name).to_number<std::int64_t>();
  };
  ThresholdRow row;
  row.id = whole("id");
  row.device_id = text("device_id");
  row.parameter_name = text("parameter_name");
  row.kind = text("kind");
  row.threshold_value = number("threshold_value");
  row.alarm_level = text("alarm_level");
  row.direction = text("direction");
  row.hysteresis = number("hysteresis");
  row.on_delay = Milliseconds{whole("on_delay_ms")};
  row.off_delay = Milliseconds{whole("off_delay_ms")};
  row.setpoint_parameter = text("setpoint_parameter");
  row.setpoint_value = number("setpoint_value");
  row.enabled = object.at("enabled").as_bool();
  row.updated_by = text("updated_by");
  row.updated_at = json_time(object.at("updated_at"));
  row.version = whole("version");
  return row;
}

AlarmMemory memory_from(const json::object& object) {
  AlarmMemory memory;
  memory.next_id = object.at("next_id").to_number<std::uint64_t>();
  for (const json::value& alarm : object.at("alarms").as_array()) {
    auto record = alarm::record_of(alarm_from_json(alarm.as_object()));
    if (!record) throw std::invalid_argument(record.error().what);
    memory.records.push_back(std::move(*record));
  }
  for (const json::value& rule : object.at("rules").as_array()) {
    memory.rules.push_back(rule_from(rule.as_object()));
  }
  memory.policy = std::string(object.at("policy").as_string());
  return memory;
}

std::string_view body_of(std::string_view text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) throw std::invalid_argument("it has no first line");
  const std::string_view body = text.substr(end + 1);
  const json::value head = json::parse(text.substr(0, end));
  if (head.at("format").as_string() != format_name) {
    throw std::invalid_argument("it is another file");
  }
  if (const auto written = head.at("version").to_number<int>(); written != version) {
    throw std::invalid_argument(
        fmt::format("it has version {}, this program reads {}", written, version));
  }
  if (std::string_view(head.at("crc32c").as_string()) != checksum(body)) {
    throw std::invalid_argument("its checksum is wrong");
  }
  return body;
}

}  // namespace

bool is_worth_keeping(const alarm::AlarmRecord& record, Timestamp now, Milliseconds dedup_window) {
  constexpr Milliseconds kept_after_end = std::chrono::minutes(10);
  if (record.id == 0) return false;
  const auto within = [now](const std::optional<Timestamp>& at, Milliseconds time) {
    return at && now - *at < time;
  };
  return record.state != alarm::State::normal || within(record.announced_at, dedup_window) ||
         within(record.cleared_at, kept_after_end) ||
         within(record.acknowledged_at, kept_after_end);
}

std::string encode_memory(const AlarmMemory& memory) {
  const Plant nothing;  // Words are made anew when the alarm is shown: names are not saved.
  std::string body = fmt::format(R"({{"next_id":{},"alarms":[)", memory.next_id);
  for (const alarm::AlarmRecord& record : memory.records) {
    if (body.back() != '[') body += ',';
    body += alarm_json(alarm::row_of(record, nothing));
  }
  body += R"(],"rules":[)";
  for (const ThresholdRow& rule : memory.rules) {
    if (body.back() != '[') body += ',';
    body += rule_json(rule);
  }
  body += fmt::format("],\"policy\":{}}}\n", json_quoted(memory.policy));
  return fmt::format("{{\"format\":\"{}\",\"version\":{},\"crc32c\":\"{}\"}}\n", format_name,
                     version, checksum(body)) +
         body;
}

Result<AlarmMemory> decode_memory(std::string_view text) {
  try {
    return memory_from(json::parse(body_of(text)).as_object());
  } catch (const std::exception& error) {
    return fail(Errc::corrupt,
                fmt::format("the saved state of the alarms cannot be read: {}", error.what()));
  }
}

}  // namespace wl::collector
