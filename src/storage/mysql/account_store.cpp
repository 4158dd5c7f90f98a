// Users and their sessions in MariaDB or MySQL.
#include <fmt/format.h>
#include <mysqld_error.h>

#include "storage/account_store.hpp"
#include "storage/mysql/mysql.hpp"
#include "storage/mysql/schema.hpp"

namespace wl::storage::mysql {
namespace {

constexpr std::string_view role_word(Role role) {
  return role == Role::admin ? "admin" : "user";
}

std::optional<Timestamp> time_or_null(const Row& row, std::size_t column) {
  if (row.null(column)) return std::nullopt;
  return row.time(column);
}

User user_of(const Row& row) {
  return {.id = row.integer(0),
          .username = row.text(1),
          .password_hash = row.text(2),
          .role = row.text(3) == role_word(Role::admin) ? Role::admin : Role::user,
          .email = row.text(4),
          .created_at = row.time(5),
          .last_login = time_or_null(row, 6),
          .failed_login_attempts = static_cast<int>(row.integer(7)),
          .locked_until = time_or_null(row, 8)};
}

// Each query is one constant text.
#define WL_SELECT_USER                                                        \
  "SELECT id, username, password_hash, role, email, created_at, last_login, " \
  "failed_login_attempts, locked_until FROM users "

Session session_of(const Row& row) {
  return {.token_sha256 = row.text(0),
          .user_id = row.integer(1),
          .created_at = row.time(2),
          .last_seen = row.time(3),
          .remote_address = row.text(4)};
}

class MysqlAccountStore : public AccountStore {
 public:
  explicit MysqlAccountStore(std::shared_ptr<ConnectionPool> pool) : pool_(std::move(pool)) {}

  Result<std::optional<User>> find_user(const std::string& username) override {
    auto found = select<User>(WL_SELECT_USER "WHERE username = ?", {username}, user_of);
    if (!found) return std::unexpected(found.error());
    // In comparisons the server ignores blanks at the end; a name is exact.
    if (found->empty() || found->front().username != username) return std::nullopt;
    return std::move(found->front());
  }

  Result<std::optional<User>> find_user(std::int64_t id) override {
    return first(select<User>(WL_SELECT_USER "WHERE id = ?", {id}, user_of));
  }

  Result<std::vector<User>> users() override {
    return select<User>(WL_SELECT_USER "ORDER BY username", {}, user_of);
  }

  Result<std::int64_t> add_user(const User& user) override {
    try {
      std::int64_t id = 0;
      pool_->on_connection([&](Connection& connection) {
        const auto created = connection.run(
            "INSERT INTO users (username, password_hash, role, email, created_at, last_login, "
            "failed_login_attempts, locked_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            std::initializer_list<Parameter>{
                user.username, user.password_hash, role_word(user.role), user.email,
                user.created_at, user.last_login, user.failed_login_attempts, user.locked_until});
        id = static_cast<std::int64_t>(created.insert_id);
      });
      return id;
    } catch (const ServerError& refusal) {
      if (refusal.number() != ER_DUP_ENTRY) return std::unexpected(refusal.error());
      return fail(Errc::conflict, fmt::format("a user '{}' exists already", user.username));
    } catch (const DatabaseError& refusal) {
      return std::unexpected(refusal.error());
    }
  }

  Result<void> set_password_hash(std::int64_t user, const std::string& hash) override {
    return change_user(user, "UPDATE users SET password_hash = ? WHERE id = ?", {hash, user});
  }

  Result<void> record_login(std::int64_t user, Timestamp at) override {
    return change_user(user,
                       "UPDATE users SET last_login = ?, failed_login_attempts = 0, "
                       "locked_until = NULL WHERE id = ?",
                       {at, user});
  }

  Result<void> record_failed_login(std::int64_t user, int attempts,
                                   std::optional<Timestamp> locked_until) override {
    return change_user(user,
                       "UPDATE users SET failed_login_attempts = ?, locked_until = ? WHERE id = ?",
                       {attempts, locked_until, user});
  }

  // A repetition after a lost connection finds its own row.
  Result<void> add_session(const Session& session) override {
    return as_void(
        change("INSERT INTO sessions (token_sha256, user_id, created_at, last_seen, "
               "remote_address) VALUES (?, ?, ?, ?, ?) "
               "ON DUPLICATE KEY UPDATE last_seen = VALUES(last_seen)",
               {session.token_sha256, session.user_id, session.created_at, session.last_seen,
                session.remote_address}));
  }

  Result<std::optional<Session>> find_session(const std::string& token_sha256) override {
    return first(
        select<Session>("SELECT token_sha256, user_id, created_at, last_seen, "
                        "remote_address FROM sessions WHERE token_sha256 = ?",
                        {token_sha256}, session_of));
  }

  Result<void> touch_session(const std::string& token_sha256, Timestamp at) override {
    return as_void(
        change("UPDATE sessions SET last_seen = ? WHERE token_sha256 = ?", {at, token_sha256}));
  }

  Result<void> remove_session(const std::string& token_sha256) override {
    return as_void(change("DELETE FROM sessions WHERE token_sha256 = ?", {token_sha256}));
  }

  Result<int> remove_expired_sessions(Timestamp idle_since, Timestamp created_since) override {
    return change("DELETE FROM sessions WHERE last_seen < ? OR created_at < ?",
                  {idle_since, created_since});
  }

 private:
  using Parameters = std::initializer_list<Parameter>;

  template <class T>
  Result<std::vector<T>> select(std::string_view sql, Parameters parameters, T (*of)(const Row&)) {
    try {
      std::vector<T> found;
      pool_->on_connection([&](Connection& connection) {
        connection.each(sql, parameters, [&](const Row& row) { found.push_back(of(row)); });
      });
      return found;
    } catch (const DatabaseError& refusal) {
      return std::unexpected(refusal.error());
    }
  }

  template <class T>
  static Result<std::optional<T>> first(Result<std::vector<T>> found) {
    if (!found) return std::unexpected(found.error());
    if (found->empty()) return std::nullopt;
    return std::move(found->front());
  }

  /// How many rows were found.
  Result<int> change(std::string_view sql, Parameters parameters) {
    try {
      std::uint64_t rows = 0;
      pool_->on_connection(
          [&](Connection& connection) { rows = connection.run(sql, parameters).rows; });
      return static_cast<int>(rows);
    } catch (const DatabaseError& refusal) {
      return std::unexpected(refusal.error());
    }
  }

  Result<void> change_user(std::int64_t user, std::string_view sql, Parameters parameters) {
    const auto rows = change(sql, parameters);
    if (!rows) return std::unexpected(rows.error());
    if (*rows == 0) return fail(Errc::not_found, fmt::format("there is no user {}", user));
    return {};
  }

  static Result<void> as_void(Result<int> rows) {
    if (!rows) return std::unexpected(std::move(rows.error()));
    return {};
  }

  std::shared_ptr<ConnectionPool> pool_;
};

#undef WL_SELECT_USER

}  // namespace

Result<std::unique_ptr<AccountStore>> open_accounts(const DatabaseOptions& options) {
  try {
    return std::make_unique<MysqlAccountStore>(pool_of(options));
  } catch (const DatabaseError& refusal) {
    return std::unexpected(refusal.error());
  }
}

}  // namespace wl::storage::mysql
