// Who may enter: users and their sessions. The interface of both backends.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::storage {

struct DatabaseOptions;  // store.hpp
class TokenStore;        // token_store.hpp
class AuditStore;        // audit_store.hpp

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
  std::int64_t version = 1;  ///< Counts the changes that people make; not sign-ins.
};

/// What is to become of a user; what is not set stays.
struct UserChange {
  std::int64_t id = 0;
  std::optional<std::int64_t> if_version = {};  ///< Refused when it is another one by now.
  std::optional<Role> role = {};
  std::optional<std::string> email = {};
  std::optional<std::string> password_hash = {};
  /// A change of role or password ends all sessions of the user but this one.
  std::string keep_session = {};
  /// Set: the API tokens of the user are revoked as well.
  std::optional<Timestamp> revoke_tokens_at = {};
};

/// A signed-in browser. Only the SHA-256 of the cookie is stored.
struct Session {
  std::string token_sha256;  ///< Hex.
  std::int64_t user_id = 0;
  Timestamp created_at{};
  Timestamp last_seen{};
  std::string remote_address;
};

/// A session with the name of its owner, for a list.
struct OwnedSession {
  Session session;
  std::string username;
};

/// A wrong password. The limits are MAX_LOGIN_ATTEMPTS and ACCOUNT_LOCKOUT_DURATION.
struct FailedLogin {
  std::int64_t user_id = 0;
  std::string remote_address;
  Timestamp at{};
  int max_attempts = 3;
  Milliseconds lockout{};
};

/// How many wrong passwords of an account came from an address, and until when it is locked there.
struct LoginLock {
  int attempts = 0;
  std::optional<Timestamp> locked_until;
};

/// The lock of an account was taken off at a time.
struct Unlocked {
  std::string username;
  Timestamp at{};
};

/// Users and sessions: written by web processes and by `wattline`. Not thread-safe.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  virtual Result<std::optional<User>> find_user(const std::string& username) = 0;
  virtual Result<std::optional<User>> find_user(std::int64_t id) = 0;
  virtual Result<std::vector<User>> users() = 0;
  /// `conflict` when the name is taken. Returns the id.
  virtual Result<std::int64_t> add_user(const User& user) = 0;
  /// The same password with another cost: it ends no session and counts as no change.
  virtual Result<void> set_password_hash(std::int64_t user, const std::string& hash) = 0;
  /// Returns the user as it stands now. `not_found`; `conflict`: it has another version;
  /// `invalid_argument`: the last admin cannot become a user.
  virtual Result<User> change_user(const UserChange& change) = 0;
  /// With its sessions, tokens and locks. Errors as in change_user().
  virtual Result<void> remove_user(std::int64_t user, std::optional<std::int64_t> if_version) = 0;

  virtual Result<void> record_login(std::int64_t user, const std::string& remote_address,
                                    Timestamp at) = 0;
  /// Counts the failure by account and address; what lies longer back than the lock-out is
  /// forgotten. `users` shows the lock, too, but it holds at that address only: a stranger must not
  /// lock out the owner elsewhere.
  virtual Result<LoginLock> record_failed_login(const FailedLogin& failure) = 0;
  /// As record_failed_login() would find it, without counting.
  virtual Result<LoginLock> login_lock(const FailedLogin& probe) = 0;
  /// Takes the lock off at every address and tells the other processes.
  virtual Result<void> unlock(std::int64_t user, Timestamp at) = 0;
  /// Those after `since`, at most 1,000.
  virtual Result<std::vector<Unlocked>> unlocked_since(Timestamp since) = 0;

  virtual Result<void> add_session(const Session& session) = 0;
  virtual Result<std::optional<Session>> find_session(const std::string& token_sha256) = 0;
  /// Of one user or of all, the one used last first, `limit` at most.
  virtual Result<std::vector<OwnedSession>> sessions(std::optional<std::int64_t> user,
                                                     std::size_t limit) = 0;
  /// Which of these are there, and the role of their users as it stands.
  struct Standing {
    std::string token_sha256;
    Role role = Role::user;
  };
  virtual Result<std::vector<Standing>> standing_sessions(std::span<const std::string> keys) = 0;
  virtual Result<void> touch_session(const std::string& token_sha256, Timestamp at) = 0;
  virtual Result<void> remove_session(const std::string& token_sha256) = 0;
  /// Sessions last seen before `idle_since` or created before `created_since`. Returns how many.
  virtual Result<int> remove_expired_sessions(Timestamp idle_since, Timestamp created_since) = 0;

  /// In the same database, on the same connection.
  virtual TokenStore& tokens() = 0;
  virtual AuditStore& audit() = 0;
};

/// `not_found` when the database was not initialised.
Result<std::unique_ptr<AccountStore>> open_account_store(const DatabaseOptions& options);

}  // namespace wl::storage
