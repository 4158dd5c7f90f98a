// The account with which a new installation is entered.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/account_store.hpp"

namespace wl::web {

inline constexpr std::string_view default_username = "admin";
inline constexpr std::string_view default_password = "admin123";

/// Creates admin / admin123 when there is no user at all. True when it was created. Blocks for
/// one bcrypt (0.3 s) then.
Result<bool> create_first_account(storage::AccountStore& accounts, Timestamp now);

}  // namespace wl::web
