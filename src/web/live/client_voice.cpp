#include "web/live/client_voice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

namespace json = boost::json;

Problem not_a_message(const std::string& zh_cn, const std::string& en) {
  return {400, "bad_message", {zh_cn, en}, {}};
}

Problem no_json() {
  return not_a_message("消息不是 JSON 对象", "the message is no JSON object");
}

Problem unknown_type(std::string_view type) {
  return {400,
          "unknown_type",
          {fmt::format("未知的消息类型 '{}',只有 subscribe", shown_word(type)),
           fmt::format("unknown type '{}'; there is only subscribe", shown_word(type))},
          {}};
}

Problem unknown_member(std::string_view name) {
  return not_a_message(fmt::format("subscribe 没有成员 '{}'", shown_word(name)),
                       fmt::format("subscribe has no member '{}'", shown_word(name)));
}

Problem devices_or_all() {
  return not_a_message("subscribe 须有 \"devices\":[…] 或 \"all\":true,二者之一",
                       "subscribe needs either \"devices\":[…] or \"all\":true");
}

std::expected<Subscription, Problem> subscription_of(const json::object& message,
                                                     const LiveNames& known) {
  for (const auto& member : message) {
    const std::string_view name = member.key();
    if (name != "type" && name != "devices" && name != "all") {
      return std::unexpected(unknown_member(name));
    }
  }
  const json::value* all = message.if_contains("all");
  const json::value* devices = message.if_contains("devices");
  if ((all == nullptr) == (devices == nullptr)) return std::unexpected(devices_or_all());
  if (all != nullptr) {
    if (!all->is_bool() || !all->get_bool()) return std::unexpected(devices_or_all());
    return Subscription();
  }
  if (!devices->is_array()) return std::unexpected(devices_or_all());
  std::vector<std::string> names;
  for (const json::value& name : devices->get_array()) {
    if (!name.is_string()) return std::unexpected(devices_or_all());
    names.emplace_back(name.get_string());
  }
  return Subscription::of(std::move(names), known);
}

/// What Boost.JSON takes is bounded by the size of the message; the depth is bounded here.
std::expected<Subscription, Problem> read(std::string_view text, const LiveNames& known) {
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  const json::value parsed = json::parse({text.data(), text.size()}, error, {}, options);
  if (error || !parsed.is_object()) return std::unexpected(no_json());
  const json::object& message = parsed.get_object();
  const json::value* type = message.if_contains("type");
  if (type == nullptr || !type->is_string()) {
    return std::unexpected(not_a_message("缺少 \"type\"", "\"type\" is missing"));
  }
  const std::string_view word = type->get_string();
  if (word != "subscribe") return std::unexpected(unknown_type(word));
  return subscription_of(message, known);
}

}  // namespace

bool ClientVoice::too_fast(Timestamp now) {
  // A clock that was set back takes nothing away.
  const auto passed = std::max(Milliseconds{0}, now - filled_at_);
  filled_at_ = now;
  allowance_ =
      std::min(burst, allowance_ + std::chrono::duration<double>(passed).count() * a_second);
  if (allowance_ < 1) return true;
  allowance_ -= 1;
  return false;
}

ClientAction ClientVoice::complain(const Problem& problem, Timestamp now) {
  for (; bad_ > 0 && now - forgave_at_ >= forgiven_after; forgave_at_ += forgiven_after) --bad_;
  if (bad_ == 0) forgave_at_ = now;
  if (++bad_ > patience) return Dismiss{"too many messages that are none"};
  return Complain{fmt::format(R"({{"type":"error","ts":"{}","code":{},"error":{}}})",
                              to_iso8601(now), quoted(problem.error),
                              quoted(problem.message.in(language_)))};
}

ClientAction ClientVoice::hear(std::string_view text, Timestamp now) {
  if (too_fast(now)) {
    return complain(
        {429,
         "too_fast",
         {"消息过于频繁,请每秒不超过 2 条", "too many messages; send at most 2 a second"},
         {}},
        now);
  }
  auto subscription = read(text, names_);
  if (!subscription) return complain(subscription.error(), now);
  return Resubscribe{std::move(*subscription)};
}

ClientAction ClientVoice::hear_binary(Timestamp now) {
  return complain(not_a_message("只接受文本消息", "only text messages are taken"), now);
}

}  // namespace wl::web
