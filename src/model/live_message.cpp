#include "model/live_message.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

namespace wl {
namespace {

namespace json = boost::json;

/// Shortest text that reads back as the same double; Boost.JSON would write 1E0.
std::string number_text(double value) {
  char buffer[32];
  const auto [end, ec] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return ec == std::errc{} ? std::string(buffer, end) : "null";
}

std::string value_text(const LiveValue& value) {
  const bool usable = !value.quality.is_bad() && value.value - value.value == 0;
  std::string text =
      fmt::format(R"({{"v":{},"q":"{}","t":"{}")", usable ? number_text(value.value) : "null",
                  value.quality.word(), to_iso8601(value.source_time));
  if (value.quality.status_code != 0) text += fmt::format(R"(,"s":{})", value.quality.status_code);
  return text + "}";
}

std::string_view type_word(LiveMessage::Type type) {
  if (type == LiveMessage::Type::snapshot) return "snapshot";
  return type == LiveMessage::Type::link ? "link" : "values";
}

Quality quality_of(const json::object& object) {
  if (const auto* code = object.if_contains("s")) {
    return Quality{static_cast<std::uint32_t>(code->to_number<std::uint64_t>())};
  }
  const std::string_view word = object.at("q").as_string();
  if (word == "good") return quality::good;
  return word == "uncertain" ? quality::uncertain_last_usable : quality::bad;
}

Timestamp time_of(const json::value& text) {
  auto time = parse_iso8601(text.as_string());
  if (!time) throw std::invalid_argument(time.error().what);
  return *time;
}

LiveValue live_value_of(const json::object& object) {
  LiveValue value;
  if (const auto& v = object.at("v"); !v.is_null()) value.value = v.to_number<double>();
  value.quality = quality_of(object);
  value.source_time = time_of(object.at("t"));
  return value;
}

LiveMessage message_of(const json::object& object) {
  LiveMessage message;
  const std::string_view type = object.at("type").as_string();
  if (type == "snapshot") {
    message.type = LiveMessage::Type::snapshot;
  } else if (type == "link") {
    message.type = LiveMessage::Type::link;
  } else if (type != "values") {
    throw std::invalid_argument(fmt::format("unknown type '{}'", type));
  }
  message.ts = time_of(object.at("ts"));
  if (const auto* values = object.if_contains("values")) {
    for (const auto& [key, value] : values->as_object()) {
      message.values.emplace(std::string(key), live_value_of(value.as_object()));
    }
  }
  if (const auto* link = object.if_contains("link")) {
    const auto& fields = link->as_object();
    message.link = LiveLink{fields.at("up").as_bool(), std::string(fields.at("reason").as_string()),
                            time_of(fields.at("since"))};
  }
  return message;
}

}  // namespace

std::string encode_live(const LiveMessage& message) {
  std::string line =
      fmt::format(R"({{"type":"{}","ts":"{}")", type_word(message.type), to_iso8601(message.ts));
  if (message.link) {
    line += fmt::format(R"(,"link":{{"up":{},"reason":{},"since":"{}"}})", message.link->up,
                        json::serialize(json::string(message.link->reason)),
                        to_iso8601(message.link->since));
  }
  if (message.type != LiveMessage::Type::link) {
    line += R"(,"values":{)";
    bool first = true;
    for (const auto& [key, value] : message.values) {
      line += fmt::format(R"({}"{}":{})", first ? "" : ",", key, value_text(value));
      first = false;
    }
    line += "}";
  }
  return line + "}";
}

Result<LiveMessage> decode_live(std::string_view line) {
  try {
    return message_of(json::parse(line).as_object());
  } catch (const std::exception& error) {
    return fail(Errc::invalid_argument, fmt::format("not a live message: {}", error.what()));
  }
}

}  // namespace wl
