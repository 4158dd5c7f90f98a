#include "model/live_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "model/alarm_json.hpp"
#include "model/json_text.hpp"

namespace wl {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> type_words{"snapshot", "values", "link",
                                                     "alarm",    "answer", "resumed"};
/// In the order of Errc, which begins with 1.
constexpr std::array<std::string_view, 6> code_words{"not_found", "invalid_argument", "conflict",
                                                     "corrupt",   "unavailable",      "permission"};

// ---- Out --------------------------------------------------------------------------------------

std::string place_text(const LiveMessage& message) {
  std::string text;
  if (message.seq > 0) text += fmt::format(R"(,"seq":{})", message.seq);
  if (!message.epoch.empty()) text += R"(,"epoch":)" + json_quoted(message.epoch);
  if (message.devices.empty()) return text;
  text += R"(,"devices":[)";
  for (const std::string& name : message.devices) {
    text += (text.back() == '[' ? "" : ",") + json_quoted(name);
  }
  return text + "]";
}

std::string value_text(const LiveValue& value) {
  std::string text = fmt::format(R"({{"v":{},"q":"{}","t":"{}")",
                                 value.quality.is_bad() ? "null" : json_number(value.value),
                                 value.quality.word(), to_iso8601(value.source_time));
  if (value.quality.status_code != 0) text += fmt::format(R"(,"s":{})", value.quality.status_code);
  return text + "}";
}

std::string link_text(const LiveLink& link) {
  return fmt::format(R"(,"link":{{"up":{},"reason":{},"since":"{}"}})", link.up,
                     json_quoted(link.reason), to_iso8601(link.since));
}

std::string values_text(const std::map<std::string, LiveValue>& values) {
  std::string text = R"(,"values":{)";
  for (const auto& [key, value] : values) {
    text +=
        fmt::format("{}{}:{}", text.back() == '{' ? "" : ",", json_quoted(key), value_text(value));
  }
  return text + "}";
}

std::string counts_text(const LiveAlarmCounts& counts) {
  return fmt::format(
      R"(,"alarm_counts":{{"active":{},"unacknowledged":{},"shelved":{},"suppressed":{},)"
      R"("out_of_service":{},"flood":{}}})",
      counts.active, counts.unacknowledged, counts.shelved, counts.suppressed,
      counts.out_of_service, counts.flood);
}

std::string alarms_text(const std::vector<LiveAlarm>& alarms) {
  std::string text = R"(,"alarms":[)";
  for (const LiveAlarm& alarm : alarms) {
    if (text.back() != '[') text += ',';
    text += alarm_json(alarm.row);
    if (alarm.event.empty()) continue;
    text.back() = ',';  // In place of the closing bracket.
    text += fmt::format(R"("event":{}}})", json_quoted(alarm.event));
  }
  return text + "]";
}

std::string error_text(const Error& error) {
  return fmt::format(R"("code":"{}","error":{})",
                     code_words[static_cast<std::size_t>(error.code) - 1], json_quoted(error.what));
}

std::string answer_text(const LiveAnswer& answer) {
  std::string text = fmt::format(R"(,"ref":{},"ok":{})", answer.ref, !answer.error);
  if (answer.error) text += "," + error_text(*answer.error);
  text += R"(,"alarms":[)";
  for (const AlarmRow& row : answer.alarms) {
    text += (text.back() == '[' ? "" : ",") + alarm_json(row);
  }
  text += R"(],"refused":[)";
  for (const LiveAnswer::Refusal& refusal : answer.refused) {
    text += fmt::format(R"({}{{"id":{},{}}})", text.back() == '[' ? "" : ",", refusal.id,
                        error_text(refusal.why));
  }
  return text + "]";
}

// ---- In ---------------------------------------------------------------------------------------

template <std::size_t N>
std::size_t index_of(const std::array<std::string_view, N>& words, std::string_view word,
                     std::string_view what) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) {
    throw std::invalid_argument(fmt::format("unknown {} '{}'", what, word));
  }
  return static_cast<std::size_t>(found - words.begin());
}

Quality quality_of(const json::object& object) {
  if (const auto* code = object.if_contains("s")) {
    return Quality{static_cast<std::uint32_t>(code->to_number<std::uint64_t>())};
  }
  const std::string_view word = object.at("q").as_string();
  if (word == "good") return quality::good;
  return word == "uncertain" ? quality::uncertain_last_usable : quality::bad;
}

LiveValue live_value_of(const json::object& object) {
  LiveValue value;
  if (const auto& v = object.at("v"); !v.is_null()) value.value = v.to_number<double>();
  value.quality = quality_of(object);
  value.source_time = json_time(object.at("t"));
  return value;
}

LiveAlarmCounts counts_of(const json::object& object) {
  const auto number = [&](std::string_view name) { return object.at(name).to_number<int>(); };
  return {.active = number("active"),
          .unacknowledged = number("unacknowledged"),
          .shelved = number("shelved"),
          .suppressed = number("suppressed"),
          .out_of_service = number("out_of_service"),
          .flood = object.at("flood").as_bool()};
}

Error error_of(const json::object& object) {
  const std::string_view code = object.at("code").as_string();
  return {static_cast<Errc>(index_of(code_words, code, "code") + 1),
          std::string(object.at("error").as_string())};
}

LiveAnswer answer_of(const json::object& object) {
  LiveAnswer answer;
  answer.ref = object.at("ref").to_number<std::uint64_t>();
  if (!object.at("ok").as_bool()) answer.error = error_of(object);
  if (const auto* alarms = object.if_contains("alarms")) {
    for (const json::value& alarm : alarms->as_array()) {
      answer.alarms.push_back(alarm_from_json(alarm.as_object()));
    }
  }
  if (const auto* refused = object.if_contains("refused")) {
    for (const json::value& refusal : refused->as_array()) {
      const json::object& members = refusal.as_object();
      answer.refused.push_back({members.at("id").to_number<std::uint64_t>(), error_of(members)});
    }
  }
  return answer;
}

void read_place(const json::object& object, LiveMessage& message) {
  if (const auto* seq = object.if_contains("seq")) {
    message.seq = seq->to_number<std::uint64_t>();
  }
  if (const auto* epoch = object.if_contains("epoch")) {
    message.epoch = std::string(epoch->as_string());
  }
  if (const auto* devices = object.if_contains("devices")) {
    for (const json::value& name : devices->as_array()) {
      message.devices.emplace_back(name.as_string());
    }
  }
}

void read_alarms(const json::object& object, LiveMessage& message) {
  if (const auto* alarms = object.if_contains("alarms")) {
    for (const json::value& alarm : alarms->as_array()) {
      const json::object& members = alarm.as_object();
      const auto* event = members.if_contains("event");
      message.alarms.push_back(
          {alarm_from_json(members), event ? std::string(event->as_string()) : std::string()});
    }
  }
  if (const auto* counts = object.if_contains("alarm_counts")) {
    message.alarm_counts = counts_of(counts->as_object());
  }
}

LiveMessage message_of(const json::object& object) {
  LiveMessage message;
  const std::string_view type = object.at("type").as_string();
  message.type = static_cast<LiveMessage::Type>(index_of(type_words, type, "type"));
  message.ts = json_time(object.at("ts"));
  if (message.type == LiveMessage::Type::answer) {
    message.answer = answer_of(object);
    return message;
  }
  if (const auto* values = object.if_contains("values")) {
    for (const auto& [key, value] : values->as_object()) {
      message.values.emplace(std::string(key), live_value_of(value.as_object()));
    }
  }
  if (const auto* link = object.if_contains("link")) {
    const auto& fields = link->as_object();
    message.link = LiveLink{fields.at("up").as_bool(), std::string(fields.at("reason").as_string()),
                            json_time(fields.at("since"))};
  }
  read_alarms(object, message);
  read_place(object, message);
  return message;
}

}  // namespace

std::string encode_live(const LiveMessage& message) {
  using Type = LiveMessage::Type;
  const bool whole = message.type == Type::snapshot || message.type == Type::resumed;
  std::string line =
      fmt::format(R"({{"type":"{}","ts":"{}")", type_words[static_cast<std::size_t>(message.type)],
                  to_iso8601(message.ts));
  line += place_text(message);
  if (message.link) line += link_text(*message.link);
  if (whole || message.type == Type::values) line += values_text(message.values);
  if (message.alarm_counts) line += counts_text(*message.alarm_counts);
  if (whole || message.type == Type::alarm) line += alarms_text(message.alarms);
  if (message.answer) line += answer_text(*message.answer);
  return line + "}";
}

std::string encode_live_value(const LiveValue& value) {
  return value_text(value);
}

Result<LiveMessage> decode_live(std::string_view line) {
  try {
    return message_of(json::parse(line).as_object());
  } catch (const std::exception& error) {
    return fail(Errc::invalid_argument, fmt::format("not a live message: {}", error.what()));
  }
}

}  // namespace wl
