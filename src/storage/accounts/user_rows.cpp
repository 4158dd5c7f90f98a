#include "storage/accounts/user_rows.hpp"

namespace wl::storage {

std::string question_marks(std::size_t count) {
  std::string text = "(";
  for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
  return text + ")";
}

std::string role_word(Role role) {
  return role == Role::admin ? "admin" : "user";
}

User user_of(const SqlRow& row, int first) {
  return {.id = row.integer(first),
          .username = row.text(first + 1),
          .password_hash = row.text(first + 2),
          .role = row.text(first + 3) == role_word(Role::admin) ? Role::admin : Role::user,
          .email = row.text(first + 4),
          .created_at = row.time(first + 5),
          .last_login = row.time_or_null(first + 6),
          .failed_login_attempts = static_cast<int>(row.integer(first + 7)),
          .locked_until = row.time_or_null(first + 8),
          .version = row.integer(first + 9)};
}

std::optional<User> select_user(AccountSql& sql, const std::string& condition,
                                const SqlValues& values) {
  std::optional<User> found;
  sql.each("SELECT " + user_columns +
               " FROM users u LEFT JOIN account_states a ON a.user_id = u.id WHERE " + condition,
           values, [&](const SqlRow& row) { found = user_of(row); });
  return found;
}

}  // namespace wl::storage
