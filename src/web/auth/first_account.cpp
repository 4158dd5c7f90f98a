#include "web/auth/first_account.hpp"

#include "web/auth/password.hpp"

namespace wl::web {

Result<bool> create_first_account(storage::AccountStore& accounts, Timestamp now) {
  const auto users = accounts.users();
  if (!users) return std::unexpected(users.error());
  if (!users->empty()) return false;
  auto hash = hash_password(default_password);
  if (!hash) return std::unexpected(hash.error());
  storage::User admin;
  admin.username = default_username;
  admin.password_hash = std::move(*hash);
  admin.role = storage::Role::admin;
  admin.created_at = now;
  if (auto id = accounts.add_user(admin); !id) return std::unexpected(id.error());
  return true;
}

}  // namespace wl::web
