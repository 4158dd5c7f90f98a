// AccountStore on the SQL of any engine. Internal to src/storage.
#pragma once

#include <memory>

#include "storage/accounts/sql_audit_store.hpp"
#include "storage/accounts/sql_token_store.hpp"

namespace wl::storage {

class SqlAccountStore : public AccountStore {
 public:
  explicit SqlAccountStore(std::unique_ptr<AccountSql> sql);

  Result<std::optional<User>> find_user(const std::string& username) override;
  Result<std::optional<User>> find_user(std::int64_t id) override;
  Result<std::vector<User>> users() override;
  Result<std::int64_t> add_user(const User& user) override;
  Result<void> set_password_hash(std::int64_t user, const std::string& hash) override;
  Result<User> change_user(const UserChange& change) override;
  Result<void> remove_user(std::int64_t user, std::optional<std::int64_t> if_version) override;

  Result<void> record_login(std::int64_t user, const std::string& remote_address,
                            Timestamp at) override;
  Result<LoginLock> record_failed_login(const FailedLogin& failure) override;
  Result<LoginLock> login_lock(const FailedLogin& probe) override;
  Result<void> unlock(std::int64_t user, Timestamp at) override;
  Result<std::vector<Unlocked>> unlocked_since(Timestamp since) override;

  Result<void> add_session(const Session& session) override;
  Result<std::optional<Session>> find_session(const std::string& token_sha256) override;
  Result<std::vector<OwnedSession>> sessions(std::optional<std::int64_t> user,
                                             std::size_t limit) override;
  Result<std::vector<Standing>> standing_sessions(std::span<const std::string> keys) override;
  Result<void> touch_session(const std::string& token_sha256, Timestamp at) override;
  Result<void> remove_session(const std::string& token_sha256) override;
  Result<int> remove_expired_sessions(Timestamp idle_since, Timestamp created_since) override;

  TokenStore& tokens() override { return tokens_; }
  AuditStore& audit() override { return audit_; }

 private:
  /// One statement in its own transaction; how many rows it found.
  Result<int> change(const std::string& sql, const SqlValues& values);
  Result<void> change_one(std::int64_t user, const std::string& sql, const SqlValues& values);
  /// The user, locked against others; throws when it is not there or has another version.
  User hold_user(std::int64_t id, std::optional<std::int64_t> if_version);
  void refuse_last_admin(const User& user);
  void end_access(const User& user, const UserChange& change);
  void bump_version(std::int64_t user);
  /// What the row says, with what has run out forgotten.
  LoginLock held_lock(const FailedLogin& probe, const std::string& lock_words);

  std::unique_ptr<AccountSql> sql_;
  SqlTokenStore tokens_;
  SqlAuditStore audit_;
};

}  // namespace wl::storage
