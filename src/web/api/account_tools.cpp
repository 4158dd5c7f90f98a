#include "web/api/account_tools.hpp"

#include <spdlog/spdlog.h>

#include <limits>

#include "base/quantity.hpp"

namespace wl::web {

void AccountTools::end_live(const std::vector<std::string>& keys, std::string_view reason) const {
  for (const std::string& key : keys) hub.end_session(key, reason);
}

void AccountTools::end_sessions(std::int64_t user_id, const std::string& keep,
                                std::string_view reason) const {
  end_live(sessions.forget_user(user_id, keep), reason);
}

void AccountTools::end_tokens(std::int64_t user_id, std::string_view reason) const {
  end_live(tokens.forget_user(user_id), reason);
}

Problem store_problem(const Error& error) {
  spdlog::error("accounts: {}", error.what);
  return problem_of(error);
}

std::optional<std::int64_t> path_number(const Call& call) {
  const auto id =
      parse_integer(call.parameters.at("id"), 1, std::numeric_limits<std::int64_t>::max());
  return id ? std::optional(*id) : std::nullopt;
}

std::string_view role_word(storage::Role role) {
  return role == storage::Role::admin ? "admin" : "user";
}

Response done_response(Language language, std::string_view zh_cn, std::string_view en) {
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("message").text(language == Language::en ? en : zh_cn).end();
  return json_response(json.take());
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
  json.key(name);
  if (time) {
    json.text(to_iso8601(*time));
  } else {
    json.null();
  }
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 64;
  std::string out;
  for (const char c : text.substr(0, longest)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return out;
}

}  // namespace wl::web
