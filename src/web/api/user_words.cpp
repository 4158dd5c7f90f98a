#include "web/api/user_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "web/api/account_tools.hpp"
#include "web/api/etag.hpp"

namespace wl::web {

void write_user(JsonWriter& json, const storage::User& user, Timestamp now) {
  const bool locked = user.locked_until && now < *user.locked_until;
  json.object().key("id").integer(user.id).key("username").text(user.username);
  json.key("role").text(role_word(user.role)).key("email").text(user.email);
  json.key("created_at").text(to_iso8601(user.created_at));
  write_time(json, "last_login", user.last_login);
  json.key("failed_login_attempts").integer(user.failed_login_attempts);
  write_time(json, "locked_until", user.locked_until);
  json.key("locked").boolean(locked).key("version").integer(user.version).end();
}

Response user_response(const storage::User& user, Timestamp now, int status) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("user");
  write_user(json, user, now);
  json.end();
  Response response = json_response(json.take());
  response.status = status;
  response.headers.emplace_back("ETag", etag_of(user.id, user.version));
  return response;
}

std::string user_audit(const storage::User& user, PasswordChanged password) {
  JsonWriter json;
  json.object().key("role").text(role_word(user.role)).key("email").text(user.email);
  if (password == PasswordChanged::yes) json.key("password").text("changed");
  json.end();
  return json.take();
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Problem no_such_user(std::int64_t id) {
  return {404,
          "not_found",
          {fmt::format("没有用户 {}", id), fmt::format("there is no user {}", id)},
          {}};
}

Problem user_changed_meanwhile() {
  return {412,
          "changed_meanwhile",
          {"用户已被他人修改,请重新读取后再改", "the user was changed meanwhile: read it again"},
          {}};
}

Problem last_admin() {
  return {
      409,
      "last_admin",
      {"这是最后一个管理员,不能删除或降级;请先让另一个用户成为管理员",
       "this is the last administrator and stays one; make another user an administrator first"},
      {}};
}

Problem not_oneself() {
  return {409,
          "not_oneself",
          {"不能删除自己,请由另一个管理员操作",
           "nobody removes himself; another administrator has to do it"},
          {}};
}

Problem name_stays() {
  return problems::bad_request(
      "username:用户名不能修改(审计日志按用户名记录),请新建用户",
      "username: it does not change, the audit log knows people by it; add a new user instead");
}

Problem name_taken(const std::string& username) {
  return {409,
          "name_taken",
          {fmt::format("用户名 {} 已存在(不区分大小写)", username),
           fmt::format("a user '{}' exists already (in whatever case)", username)},
          {}};
}

Problem too_many_users(std::size_t most) {
  return {409,
          "too_many_users",
          {fmt::format("用户已达 {} 个,请先删除不用的用户", most),
           fmt::format("there are {} users already; remove one that is not used", most)},
          {}};
}

}  // namespace wl::web
