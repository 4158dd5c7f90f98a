#include "alarm/notify/saved.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "alarm/text.hpp"

namespace wl::alarm::notify {
namespace {

namespace json = boost::json;

template <class T>
T must(std::optional<T> value, const char* what) {
  if (!value) throw std::out_of_range(what);
  return *value;
}

std::string text(const json::object& from, const char* key) {
  return std::string(from.at(key).as_string());
}

std::uint64_t count(const json::object& from, const char* key) {
  return from.at(key).to_number<std::uint64_t>();
}

Timestamp time(const json::object& from, const char* key) {
  return from_unix_ms(from.at(key).as_int64());
}

json::object line_to_json(const LetterLine& line) {
  return {
      {"record", to_json(line.record)}, {"wishes", line.wishes}, {"suppressed", line.suppressed}};
}

LetterLine line_from(const json::value& value) {
  const json::object& from = value.as_object();
  return {record_from(from.at("record")), count(from, "wishes"), count(from, "suppressed")};
}

}  // namespace

json::object to_json(const AlarmRecord& record) {
  json::object to{{"id", record.id},
                  {"key", record.key},
                  {"timestamp", to_unix_ms(record.timestamp)},
                  {"device", record.device},
                  {"parameter", record.parameter},
                  {"alarm_type", record.alarm_type},
                  {"message", word(record.message)},
                  {"level", word(record.level)},
                  {"threshold_value", record.threshold_value},
                  {"actual_value", record.actual_value},
                  {"state", word(record.state)},
                  {"active", record.active},
                  {"raise_count", record.raise_count}};
  if (record.cleared_at) to["cleared_at"] = to_unix_ms(*record.cleared_at);
  return to;
}

AlarmRecord record_from(const json::value& value) {
  const json::object& from = value.as_object();
  AlarmRecord record;
  record.id = count(from, "id");
  record.key = text(from, "key");
  record.timestamp = time(from, "timestamp");
  record.device = text(from, "device");
  record.parameter = text(from, "parameter");
  record.alarm_type = text(from, "alarm_type");
  record.message = must(message_from_word(text(from, "message")), "message");
  record.level = must(level_from_word(text(from, "level")), "level");
  record.threshold_value = from.at("threshold_value").to_number<double>();
  record.actual_value = from.at("actual_value").to_number<double>();
  record.state = must(state_from_word(text(from, "state")), "state");
  record.active = from.at("active").as_bool();
  record.raise_count = from.at("raise_count").to_number<std::uint32_t>();
  if (from.contains("cleared_at")) record.cleared_at = time(from, "cleared_at");
  return record;
}

json::object to_json(const Letter& letter) {
  json::object to{{"id", letter.id},
                  {"kind", word(letter.kind)},
                  {"at", to_unix_ms(letter.at)},
                  {"level", word(letter.level)},
                  {"alarms", letter.alarms},
                  {"returned", letter.returned},
                  {"wishes", letter.wishes},
                  {"settled", letter.settled},
                  {"state_lost", letter.state_lost},
                  {"flood", letter.flood},
                  {"flood_raises", letter.flood_raises},
                  {"flood_time", letter.flood_time.count()},
                  {"waited", letter.waited.count()}};
  json::array& lines = (to["lines"] = json::array()).as_array();
  for (const LetterLine& line : letter.lines) lines.push_back(line_to_json(line));
  json::array& levels = (to["by_level"] = json::array()).as_array();
  for (const std::uint64_t alarms : letter.by_level) levels.push_back(alarms);
  json::object& devices = (to["by_device"] = json::object()).as_object();
  for (const auto& [device, alarms] : letter.by_device) devices[device] = alarms;
  return to;
}

Letter letter_from(const json::value& value) {
  const json::object& from = value.as_object();
  Letter letter;
  letter.id = count(from, "id");
  letter.kind = must(letter_kind_from_word(text(from, "kind")), "kind");
  letter.at = time(from, "at");
  letter.level = must(level_from_word(text(from, "level")), "level");
  letter.alarms = count(from, "alarms");
  letter.returned = count(from, "returned");
  letter.wishes = count(from, "wishes");
  letter.settled = count(from, "settled");
  letter.state_lost = from.at("state_lost").as_bool();
  letter.flood = from.at("flood").as_bool();
  letter.flood_raises = count(from, "flood_raises");
  letter.flood_time = Milliseconds{from.at("flood_time").as_int64()};
  letter.waited = Milliseconds{from.at("waited").as_int64()};
  for (const json::value& line : from.at("lines").as_array()) {
    letter.lines.push_back(line_from(line));
  }
  const json::array& levels = from.at("by_level").as_array();
  for (std::size_t i = 0; i < letter.by_level.size(); ++i) {
    letter.by_level[i] = levels.at(i).to_number<std::uint64_t>();
  }
  for (const auto& [device, alarms] : from.at("by_device").as_object()) {
    letter.by_device[std::string(device)] = alarms.to_number<std::uint64_t>();
  }
  return letter;
}

}  // namespace wl::alarm::notify
