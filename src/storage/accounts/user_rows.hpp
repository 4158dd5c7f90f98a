// A user as the account tables hold it. Internal to src/storage.
#pragma once

#include <optional>
#include <string>

#include "storage/account_store.hpp"
#include "storage/accounts/account_sql.hpp"

namespace wl::storage {

std::string role_word(Role role);

/// The columns of a user with alias u and of its state with alias a, in the order of user_of().
inline const std::string user_columns =
    "u.id, u.username, u.password_hash, u.role, u.email, u.created_at, u.last_login, "
    "u.failed_login_attempts, u.locked_until, COALESCE(a.version, 1)";
inline constexpr int user_column_count = 10;

/// `first`: the column at which they begin.
User user_of(const SqlRow& row, int first = 0);

/// All that find a user; `condition` begins with a blank.
std::optional<User> select_user(AccountSql& sql, const std::string& condition,
                                const SqlValues& values);

}  // namespace wl::storage
