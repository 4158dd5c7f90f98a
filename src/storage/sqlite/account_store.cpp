// Users and their sessions in SQLite.
#include "storage/account_store.hpp"
#include "storage/sqlite/database.hpp"

namespace wl::storage {
namespace {

constexpr std::string_view role_word(Role role) {
  return role == Role::admin ? "admin" : "user";
}

std::optional<Timestamp> time_or_null(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return from_unix_ms(column.getInt64());
}

const std::string select_user =
    "SELECT id, username, password_hash, role, email, created_at, last_login, "
    "failed_login_attempts, locked_until FROM users ";

User user_of(SQLite::Statement& row) {
  return {.id = row.getColumn(0).getInt64(),
          .username = row.getColumn(1).getString(),
          .password_hash = row.getColumn(2).getString(),
          .role = row.getColumn(3).getString() == role_word(Role::admin) ? Role::admin : Role::user,
          .email = row.getColumn(4).getString(),
          .created_at = from_unix_ms(row.getColumn(5).getInt64()),
          .last_login = time_or_null(row.getColumn(6)),
          .failed_login_attempts = row.getColumn(7).getInt(),
          .locked_until = time_or_null(row.getColumn(8))};
}

std::optional<User> first_user(SQLite::Statement& row) {
  if (!row.executeStep()) return std::nullopt;
  return user_of(row);
}

/// Accounts are touched a few times a minute: statements are prepared anew each time.
class SqliteAccountStore : public AccountStore {
 public:
  SqliteAccountStore(std::unique_ptr<SQLite::Database> database, std::string path)
      : database_(std::move(database)), path_(std::move(path)) {}

  Result<std::optional<User>> find_user(const std::string& username) override {
    return guarded(path_, "read", [&]() -> Result<std::optional<User>> {
      SQLite::Statement row(*database_, select_user + "WHERE username = ?");
      row.bind(1, username);
      return first_user(row);
    });
  }

  Result<std::optional<User>> find_user(std::int64_t id) override {
    return guarded(path_, "read", [&]() -> Result<std::optional<User>> {
      SQLite::Statement row(*database_, select_user + "WHERE id = ?");
      row.bind(1, id);
      return first_user(row);
    });
  }

  Result<std::vector<User>> users() override {
    return guarded(path_, "read", [&]() -> Result<std::vector<User>> {
      std::vector<User> all;
      SQLite::Statement rows(*database_, select_user + "ORDER BY username");
      while (rows.executeStep()) all.push_back(user_of(rows));
      return all;
    });
  }

  Result<std::int64_t> add_user(const User& user) override {
    const auto taken = find_user(user.username);
    if (!taken) return std::unexpected(taken.error());
    if (*taken) {
      return fail(Errc::conflict, fmt::format("a user '{}' exists already", user.username));
    }
    return guarded(path_, "add a user to", [&]() -> Result<std::int64_t> {
      WriteTransaction transaction(*database_);
      Prepared insert(*database_,
                      "INSERT INTO users (username, password_hash, role, email, created_at, "
                      "last_login, failed_login_attempts, locked_until) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
      insert
          .with(user.username, user.password_hash, std::string(role_word(user.role)), user.email,
                user.created_at, user.last_login, user.failed_login_attempts, user.locked_until)
          ->exec();
      const std::int64_t id = database_->getLastInsertRowid();
      transaction.commit();
      return id;
    });
  }

  Result<void> set_password_hash(std::int64_t user, const std::string& hash) override {
    return change_user(user, "UPDATE users SET password_hash = ?2 WHERE id = ?1", hash);
  }

  Result<void> record_login(std::int64_t user, Timestamp at) override {
    return change_user(user,
                       "UPDATE users SET last_login = ?2, failed_login_attempts = 0, "
                       "locked_until = NULL WHERE id = ?1",
                       at);
  }

  Result<void> record_failed_login(std::int64_t user, int attempts,
                                   std::optional<Timestamp> locked_until) override {
    return change_user(user,
                       "UPDATE users SET failed_login_attempts = ?2, locked_until = ?3 "
                       "WHERE id = ?1",
                       attempts, locked_until);
  }

  Result<void> add_session(const Session& session) override {
    return as_void(change("INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5)", session.token_sha256,
                          session.user_id, session.created_at, session.last_seen,
                          session.remote_address));
  }

  Result<std::optional<Session>> find_session(const std::string& token_sha256) override {
    return guarded(path_, "read", [&]() -> Result<std::optional<Session>> {
      SQLite::Statement row(*database_,
                            "SELECT token_sha256, user_id, created_at, last_seen, remote_address "
                            "FROM sessions WHERE token_sha256 = ?");
      row.bind(1, token_sha256);
      if (!row.executeStep()) return std::nullopt;
      return Session{.token_sha256 = row.getColumn(0).getString(),
                     .user_id = row.getColumn(1).getInt64(),
                     .created_at = from_unix_ms(row.getColumn(2).getInt64()),
                     .last_seen = from_unix_ms(row.getColumn(3).getInt64()),
                     .remote_address = row.getColumn(4).getString()};
    });
  }

  Result<void> touch_session(const std::string& token_sha256, Timestamp at) override {
    return as_void(
        change("UPDATE sessions SET last_seen = ?2 WHERE token_sha256 = ?1", token_sha256, at));
  }

  Result<void> remove_session(const std::string& token_sha256) override {
    return as_void(change("DELETE FROM sessions WHERE token_sha256 = ?1", token_sha256));
  }

  Result<int> remove_expired_sessions(Timestamp idle_since, Timestamp created_since) override {
    return change("DELETE FROM sessions WHERE last_seen < ?1 OR created_at < ?2", idle_since,
                  created_since);
  }

 private:
  /// One writing statement in its own transaction. Returns how many rows it changed.
  template <class... Values>
  Result<int> change(const char* sql, const Values&... values) {
    return guarded(path_, "write to", [&]() -> Result<int> {
      WriteTransaction transaction(*database_);
      const int rows = Prepared(*database_, sql).with(values...)->exec();
      transaction.commit();
      return rows;
    });
  }

  template <class... Values>
  Result<void> change_user(std::int64_t user, const char* sql, const Values&... values) {
    const auto rows = change(sql, user, values...);
    if (!rows) return std::unexpected(rows.error());
    if (*rows == 0) return fail(Errc::not_found, fmt::format("there is no user {}", user));
    return {};
  }

  static Result<void> as_void(Result<int> rows) {
    if (!rows) return std::unexpected(std::move(rows.error()));
    return {};
  }

  std::unique_ptr<SQLite::Database> database_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<AccountStore>> open_sqlite_accounts(const DatabaseOptions& options) {
  auto database = open_existing(options, Checkpoints::by_the_collector);
  if (!database) return std::unexpected(database.error());
  return std::make_unique<SqliteAccountStore>(std::move(*database), options.sqlite_path);
}

}  // namespace wl::storage
