// A user as the API shows it, and what it refuses about users.
#pragma once

#include <string>

#include "storage/account_store.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// An object without password and hash. `now`: whether the account is locked somewhere.
void write_user(JsonWriter& json, const storage::User& user, Timestamp now);

/// {"success":true,"user":{…}} with the ETag of its version.
Response user_response(const storage::User& user, Timestamp now, int status);

enum class PasswordChanged { no, yes };
/// For the audit log: role and email, and that a password was set, not which.
std::string user_audit(const storage::User& user, PasswordChanged password);

/// Without the case of Latin letters.
bool same_name(std::string_view a, std::string_view b);

Problem no_such_user(std::int64_t id);
Problem user_changed_meanwhile();
Problem last_admin();
Problem not_oneself();
Problem name_stays();
Problem name_taken(const std::string& username);
Problem too_many_users(std::size_t most);

}  // namespace wl::web
