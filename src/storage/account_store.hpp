// Who may enter: users and their sessions. The interface of both backends.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::storage {

struct DatabaseOptions;  // store.hpp

enum class Role { user, admin };

struct User {
  std::int64_t id = 0;
  std::string username;
  std::string password_hash;  ///< bcrypt, `$2b$`.
  Role role = Role::user;
  std::string email;
  Timestamp created_at{};
  std::optional<Timestamp> last_login;
  int failed_login_attempts = 0;
  std::optional<Timestamp> locked_until;
};

/// A signed-in browser. Only the SHA-256 of the cookie is stored.
struct Session {
  std::string token_sha256;  ///< Hex.
  std::int64_t user_id = 0;
  Timestamp created_at{};
  Timestamp last_seen{};
  std::string remote_address;
};

/// Users and sessions: written by the web process and by `wattline`. Not thread-safe.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  virtual Result<std::optional<User>> find_user(const std::string& username) = 0;
  virtual Result<std::optional<User>> find_user(std::int64_t id) = 0;
  virtual Result<std::vector<User>> users() = 0;
  /// `conflict` when the name is taken. Returns the id.
  virtual Result<std::int64_t> add_user(const User& user) = 0;
  virtual Result<void> set_password_hash(std::int64_t user, const std::string& hash) = 0;
  virtual Result<void> record_login(std::int64_t user, Timestamp at) = 0;
  /// Counts a failed attempt; locks until `locked_until` when given.
  virtual Result<void> record_failed_login(std::int64_t user, int attempts,
                                           std::optional<Timestamp> locked_until) = 0;

  virtual Result<void> add_session(const Session& session) = 0;
  virtual Result<std::optional<Session>> find_session(const std::string& token_sha256) = 0;
  virtual Result<void> touch_session(const std::string& token_sha256, Timestamp at) = 0;
  virtual Result<void> remove_session(const std::string& token_sha256) = 0;
  /// Sessions last seen before `idle_since` or created before `created_since`. Returns how many.
  virtual Result<int> remove_expired_sessions(Timestamp idle_since, Timestamp created_since) = 0;
};

/// `not_found` when the database was not initialised.
Result<std::unique_ptr<AccountStore>> open_account_store(const DatabaseOptions& options);

}  // namespace wl::storage
