// What an administrator sends about users, as values. Each mistake names its member.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "storage/account_store.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

inline constexpr std::size_t max_username_bytes = 64;

/// What is not set was not sent.
struct UserBody {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<storage::Role> role;
  std::optional<std::string> email;
};

/// username (1 to 64 bytes; letters, digits and . _ - @ of any script, no blanks), password
/// (`password_min_length` characters to 72 bytes), role (admin, user), email (empty: none). Any
/// other member is refused by its name: `id`, `password_hash` …
std::expected<UserBody, Problem> parse_user_body(std::string_view body,
                                                 std::size_t password_min_length);

/// 400 for a password that is too short, too long or the default one.
std::optional<Problem> new_password_problem(const std::string& username,
                                            const std::string& password, std::size_t min_length);

}  // namespace wl::web
