#include "web/api/user_bodies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/mail_address.hpp"
#include "web/api/body_reader.hpp"
#include "web/auth/first_account.hpp"
#include "web/auth/password.hpp"

namespace wl::web {
namespace {

constexpr std::size_t longest_email = 320;
constexpr std::size_t longest_password = 1024;  // Above 72 bytes it is refused with a reason.

/// Names stand in log lines, CSV cells and addresses: no blanks, no signs of formulas or markup.
bool is_plain_name(std::string_view name) {
  if (name.empty() || name.front() == '-' || name.front() == '@') return false;
  return std::ranges::all_of(name, [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool sign = c == '.' || c == '_' || c == '-' || c == '@';
    return letter || sign || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
  });
}

std::optional<std::string> text_of(BodyReader& body, std::string_view name, std::size_t most) {
  const bool sent = body.has(name);
  std::string text;
  body.text(name, text, most);
  return sent ? std::optional(std::move(text)) : std::nullopt;
}

void check_email(BodyReader& body, const std::string& email) {
  if (email.empty()) return;
  if (const auto good = check_mail_address(email); !good)
    body.refuse("email", "不是有效的邮箱地址", good.error().what);
}

std::optional<storage::Role> role_of(BodyReader& body) {
  const auto word = text_of(body, "role", 20);
  if (!word) return std::nullopt;
  if (*word == "admin") return storage::Role::admin;
  if (*word != "user") body.refuse("role", "应为 admin 或 user", "should be admin or user");
  return storage::Role::user;
}

}  // namespace

std::optional<Problem> new_password_problem(const std::string& username,
                                            const std::string& password, std::size_t min_length) {
  const bool is_default = username == default_username && password == default_password;
  if (!is_default && check_new_password(password, min_length)) return std::nullopt;
  return Problem{
      400,
      "weak_password",
      {fmt::format("新密码须为 {} 个字符以上、72 字节以内,且不能是默认密码", min_length),
       fmt::format("the new password needs at least {} characters, at most 72 bytes, and must "
                   "not be the default one",
                   min_length)},
      {}};
}

std::expected<UserBody, Problem> parse_user_body(std::string_view text,
                                                 std::size_t password_min_length) {
  BodyReader body(text);
  UserBody user;
  user.username = text_of(body, "username", max_username_bytes);
  user.password = text_of(body, "password", longest_password);
  user.role = role_of(body);
  user.email = text_of(body, "email", longest_email);
  if (user.username && !is_plain_name(*user.username)) {
    body.refuse("username", "应为字母、数字、汉字或 . _ - @,不含空格",
                "should be letters, digits and . _ - @, without blanks");
  }
  if (user.email) check_email(body, *user.email);
  if (auto problem = body.mistake()) return std::unexpected(std::move(*problem));
  if (!user.password) return user;
  if (auto problem =
          new_password_problem(user.username.value_or(""), *user.password, password_min_length))
    return std::unexpected(std::move(*problem));
  return user;
}

}  // namespace wl::web
