#include "web/api/alarm_words.hpp"

#include <cmath>

#include "alarm/row.hpp"
#include "alarm/text.hpp"
#include "web/api/account_tools.hpp"
#include "web/api/csv_line.hpp"
#include "web/api/plant_time.hpp"

namespace wl::web {
namespace {

alarm::Language spoken(Language language) {
  return language == Language::en ? alarm::Language::en : alarm::Language::zh_cn;
}

std::string unit_of(const AlarmRow& row, const Plant& plant) {
  const auto point = plant.find_point(row.device_id + "." + row.parameter_name);
  return point ? plant.point(*point).unit : "";
}

std::string number_cell(double value) {
  return std::isfinite(value) ? number_text(value) : "";
}

constexpr std::string_view csv_head =
    "id,timestamp,device_id,device_name,parameter_name,alarm_type,alarm_level,message,"
    "threshold_value,actual_value,unit,state,cleared_at,acknowledged,acknowledged_by,"
    "acknowledged_at,note,raise_count,suppressed_count\r\n";

}  // namespace

std::string alarm_sentence(const AlarmRow& row, const Plant& plant, Language language) {
  const auto record = alarm::record_of(row);
  return record ? alarm::message_of(*record, plant, spoken(language)) : row.message;
}

std::string alarm_device_name(const AlarmRow& row, const Plant& plant, Language language) {
  const auto device = plant.find_device(row.device_id);
  if (!device) return row.device_id;
  const LocalText& name = plant.device(*device).name;
  const std::string& text = language == Language::en ? name.en : name.zh_cn;
  return text.empty() ? row.device_id : text;
}

void write_alarm(JsonWriter& json, const AlarmRow& row, const Plant& plant, Language language) {
  json.object().key("id").integer(static_cast<std::int64_t>(row.id));
  json.key("timestamp").text(to_iso8601(row.timestamp)).key("device_id").text(row.device_id);
  json.key("device_name").text(alarm_device_name(row, plant, language));
  json.key("parameter_name").text(row.parameter_name).key("alarm_type").text(row.alarm_type);
  json.key("alarm_level").text(row.alarm_level).key("message_key").text(row.message_key);
  json.key("message").text(alarm_sentence(row, plant, language));
  json.key("threshold_value").number(row.threshold_value);
  json.key("actual_value").number(row.actual_value).key("unit").text(unit_of(row, plant));
  json.key("state").text(row.state).key("active").boolean(row.active);
  write_time(json, "cleared_at", row.cleared_at);
  json.key("acknowledged").boolean(row.acknowledged);
  json.key("acknowledged_by").text(row.acknowledged_by);
  write_time(json, "acknowledged_at", row.acknowledged_at);
  json.key("note").text(row.note).key("shelved_by").text(row.shelved_by);
  write_time(json, "shelved_until", row.shelved_until);
  json.key("raise_count").integer(row.raise_count);
  json.key("suppressed_count").integer(row.suppressed_count);
  json.key("chattering").boolean(row.chattering).key("superseded_by");
  if (row.superseded_by) {
    json.integer(static_cast<std::int64_t>(*row.superseded_by));
  } else {
    json.null();
  }
  json.end();
}

std::string alarms_csv(std::span<const AlarmRow> rows, const Plant& plant,
                       const storage::Calendar& calendar, Language language) {
  const auto time = [&](const std::optional<Timestamp>& at) {
    return at ? plant_time(*at, calendar) : std::string();
  };
  std::string lines(csv_head);
  for (const AlarmRow& row : rows) {
    CsvLine line;
    line.add(std::to_string(row.id)).add(time(row.timestamp)).text(row.device_id);
    line.text(alarm_device_name(row, plant, language)).text(row.parameter_name);
    line.text(row.alarm_type).text(row.alarm_level).text(alarm_sentence(row, plant, language));
    line.add(number_cell(row.threshold_value)).add(number_cell(row.actual_value));
    line.text(unit_of(row, plant)).text(row.state).add(time(row.cleared_at));
    line.add(row.acknowledged ? "true" : "false").text(row.acknowledged_by);
    line.add(time(row.acknowledged_at)).text(row.note);
    line.add(std::to_string(row.raise_count)).add(std::to_string(row.suppressed_count));
    lines += line.take();
  }
  return lines;
}

}  // namespace wl::web
