// Passwords as bcrypt hashes. The only code that calls libcrypt.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl::web {

/// bcrypt reads no more than 72 bytes: a longer password would match any other with the same
/// beginning, so it is refused.
inline constexpr std::size_t password_max_bytes = 72;

/// 2^12 rounds, about 0.3 s of one core: the price of one guess.
inline constexpr int bcrypt_cost = 12;

/// `$2b$12$…`, with a fresh salt. Refuses an empty password, one above 72 bytes and one with a
/// NUL. Blocks for as long as the cost says: never call it on an event loop. Any thread.
Result<std::string> hash_password(std::string_view password, int cost = bcrypt_cost);

/// Whether `password` is the one that `hash` was made of; false for a damaged hash. Takes as long
/// for a wrong password as for the right one, and blocks like hash_password.
bool verify_password(std::string_view password, const std::string& hash);

/// A hash that no password matches, at the cost of a real one: verified for a user who does not
/// exist, so that the time of the answer does not tell who does.
const std::string& dummy_hash();

/// True when the hash was made with another cost and should be renewed at the next login.
bool needs_rehash(const std::string& hash, int cost = bcrypt_cost);

/// The rules for a new password; the refusal says which one it breaks.
Result<void> check_new_password(std::string_view password, std::size_t min_length);

}  // namespace wl::web
