#include "storage/accounts/sql_account_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/accounts/user_rows.hpp"

namespace wl::storage {
namespace {

constexpr std::size_t most_unlocked = 1000;
/// Wrong passwords are counted for that many pairs of account and address; the oldest makes room.
constexpr std::int64_t most_locks = 20'000;

[[noreturn]] void refuse(Errc code, std::string what) {
  throw DatabaseError({code, std::move(what)});
}

Session session_of(const SqlRow& row) {
  return {.token_sha256 = row.text(0),
          .user_id = row.integer(1),
          .created_at = row.time(2),
          .last_seen = row.time(3),
          .remote_address = row.text(4)};
}

const std::string session_columns =
    "s.token_sha256, s.user_id, s.created_at, s.last_seen, s.remote_address";

Result<void> as_void(Result<int> rows) {
  if (!rows) return std::unexpected(std::move(rows.error()));
  return {};
}

}  // namespace

SqlAccountStore::SqlAccountStore(std::unique_ptr<AccountSql> sql)
    : sql_(std::move(sql)), tokens_(*sql_), audit_(*sql_) {}

Result<int> SqlAccountStore::change(const std::string& sql, const SqlValues& values) {
  return attempt(*sql_, Access::write,
                 [&] { return static_cast<int>(sql_->run(sql, values).rows); });
}

Result<void> SqlAccountStore::change_one(std::int64_t user, const std::string& sql,
                                         const SqlValues& values) {
  const auto rows = change(sql, values);
  if (!rows) return std::unexpected(rows.error());
  if (*rows == 0) return fail(Errc::not_found, fmt::format("there is no user {}", user));
  return {};
}

// ---- users ------------------------------------------------------------------------------------

Result<std::optional<User>> SqlAccountStore::find_user(const std::string& username) {
  return attempt(*sql_, Access::read, [&]() -> std::optional<User> {
    auto found = select_user(*sql_, "u.username = ?", {username});
    // In comparisons some servers ignore blanks at the end; a name is exact.
    if (found && found->username != username) return std::nullopt;
    return found;
  });
}

Result<std::optional<User>> SqlAccountStore::find_user(std::int64_t id) {
  return attempt(*sql_, Access::read, [&] { return select_user(*sql_, "u.id = ?", {id}); });
}

Result<std::vector<User>> SqlAccountStore::users() {
  return attempt(*sql_, Access::read, [&] {
    std::vector<User> all;
    sql_->each("SELECT " + user_columns +
                   " FROM users u LEFT JOIN account_states a ON a.user_id = u.id "
                   "ORDER BY u.username",
               {}, [&](const SqlRow& row) { all.push_back(user_of(row)); });
    return all;
  });
}

Result<std::int64_t> SqlAccountStore::add_user(const User& user) {
  auto added = attempt(*sql_, Access::write, [&]() -> std::int64_t {
    if (select_user(*sql_, "u.username = ?", {user.username})) refuse(Errc::conflict, "");
    const SqlDone done = sql_->run(
        "INSERT INTO users (username, password_hash, role, email, created_at, last_login, "
        "failed_login_attempts, locked_until) VALUES " +
            question_marks(8),
        {user.username, user.password_hash, role_word(user.role), user.email, user.created_at,
         user.last_login, user.failed_login_attempts, user.locked_until});
    sql_->run("INSERT INTO account_states (user_id, version) VALUES (?, ?)", {done.insert_id, 1});
    return done.insert_id;
  });
  if (!added && added.error().code == Errc::conflict)
    return fail(Errc::conflict, fmt::format("a user '{}' exists already", user.username));
  return added;
}

Result<void> SqlAccountStore::set_password_hash(std::int64_t user, const std::string& hash) {
  return change_one(user, "UPDATE users SET password_hash = ? WHERE id = ?", {hash, user});
}

User SqlAccountStore::hold_user(std::int64_t id, std::optional<std::int64_t> if_version) {
  sql_->each("SELECT id FROM users WHERE id = ?" + sql_->for_update(), {id}, [](const SqlRow&) {});
  auto found = select_user(*sql_, "u.id = ?", {id});
  if (!found) refuse(Errc::not_found, fmt::format("there is no user {}", id));
  if (if_version && found->version != *if_version)
    refuse(Errc::conflict, fmt::format("the user {} was changed meanwhile", found->username));
  return std::move(*found);
}

void SqlAccountStore::refuse_last_admin(const User& user) {
  if (user.role != Role::admin) return;
  std::int64_t others = 0;
  sql_->each("SELECT id FROM users WHERE role = ? AND id <> ?" + sql_->for_update(),
             {role_word(Role::admin), user.id}, [&](const SqlRow&) { ++others; });
  if (others == 0)
    refuse(Errc::invalid_argument, fmt::format("{} is the last administrator", user.username));
}

void SqlAccountStore::bump_version(std::int64_t user) {
  const SqlDone done =
      sql_->run("UPDATE account_states SET version = version + 1 WHERE user_id = ?", {user});
  if (done.rows > 0) return;
  sql_->run("INSERT INTO account_states (user_id, version) VALUES (?, ?)", {user, 2});
}

void SqlAccountStore::end_access(const User& user, const UserChange& change) {
  const bool other_role = change.role && *change.role != user.role;
  if (other_role || change.password_hash) {
    sql_->run("DELETE FROM sessions WHERE user_id = ? AND token_sha256 <> ?",
              {user.id, change.keep_session});
  }
  if (change.revoke_tokens_at) {
    sql_->run("UPDATE api_tokens SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL",
              {*change.revoke_tokens_at, user.id});
  }
}

Result<User> SqlAccountStore::change_user(const UserChange& change) {
  return attempt(*sql_, Access::write, [&] {
    const User before = hold_user(change.id, change.if_version);
    if (change.role == Role::user) refuse_last_admin(before);
    sql_->run("UPDATE users SET role = ?, email = ?, password_hash = ? WHERE id = ?",
              {role_word(change.role.value_or(before.role)), change.email.value_or(before.email),
               change.password_hash.value_or(before.password_hash), change.id});
    end_access(before, change);
    bump_version(change.id);
    return *select_user(*sql_, "u.id = ?", {change.id});
  });
}

Result<void> SqlAccountStore::remove_user(std::int64_t user,
                                          std::optional<std::int64_t> if_version) {
  return attempt(*sql_, Access::write, [&] {
    refuse_last_admin(hold_user(user, if_version));
    // Sessions, tokens and locks go with it: ON DELETE CASCADE.
    sql_->run("DELETE FROM users WHERE id = ?", {user});
  });
}

// ---- sign-ins ---------------------------------------------------------------------------------

Result<void> SqlAccountStore::record_login(std::int64_t user, const std::string& remote_address,
                                           Timestamp at) {
  return attempt(*sql_, Access::write, [&] {
    const SqlDone done = sql_->run(
        "UPDATE users SET last_login = ?, failed_login_attempts = 0, locked_until = NULL "
        "WHERE id = ?",
        {at, user});
    if (done.rows == 0) refuse(Errc::not_found, fmt::format("there is no user {}", user));
    sql_->run("DELETE FROM login_locks WHERE user_id = ? AND remote_address = ?",
              {user, remote_address});
  });
}

LoginLock SqlAccountStore::held_lock(const FailedLogin& probe, const std::string& lock_words) {
  LoginLock lock;
  sql_->each("SELECT attempts, last_at FROM login_locks WHERE user_id = ? AND remote_address = ?" +
                 lock_words,
             {probe.user_id, probe.remote_address}, [&](const SqlRow& row) {
               const Timestamp until = row.time(1) + probe.lockout;
               if (probe.at >= until) return;
               lock.attempts = static_cast<int>(row.integer(0));
               if (lock.attempts >= probe.max_attempts) lock.locked_until = until;
             });
  return lock;
}

Result<LoginLock> SqlAccountStore::record_failed_login(const FailedLogin& failure) {
  return attempt(*sql_, Access::write, [&] {
    const int attempts = held_lock(failure, sql_->for_update()).attempts + 1;
    LoginLock lock{attempts, std::nullopt};
    if (attempts >= failure.max_attempts) lock.locked_until = failure.at + failure.lockout;
    const SqlDone done =
        sql_->run("UPDATE users SET failed_login_attempts = ?, locked_until = ? WHERE id = ?",
                  {attempts, lock.locked_until, failure.user_id});
    if (done.rows == 0) {
      refuse(Errc::not_found, fmt::format("there is no user {}", failure.user_id));
    }
    sql_->run("DELETE FROM login_locks WHERE last_at < ?", {failure.at - failure.lockout});
    std::int64_t kept = 0;
    sql_->each("SELECT COUNT(*) FROM login_locks", {},
               [&](const SqlRow& row) { kept = row.integer(0); });
    if (kept >= most_locks) {
      sql_->run("DELETE FROM login_locks WHERE last_at <= ?", {failure.at - failure.lockout / 2});
    }
    const SqlDone counted = sql_->run(
        "UPDATE login_locks SET attempts = ?, last_at = ? WHERE user_id = ? AND remote_address = ?",
        {attempts, failure.at, failure.user_id, failure.remote_address});
    if (counted.rows == 0 && kept < most_locks * 2) {
      sql_->run("INSERT INTO login_locks (user_id, remote_address, attempts, last_at) VALUES " +
                    question_marks(4),
                {failure.user_id, failure.remote_address, attempts, failure.at});
    }
    return lock;
  });
}

Result<LoginLock> SqlAccountStore::login_lock(const FailedLogin& probe) {
  return attempt(*sql_, Access::read, [&] { return held_lock(probe, ""); });
}

Result<void> SqlAccountStore::unlock(std::int64_t user, Timestamp at) {
  return attempt(*sql_, Access::write, [&] {
    hold_user(user, std::nullopt);
    sql_->run("UPDATE users SET failed_login_attempts = 0, locked_until = NULL WHERE id = ?",
              {user});
    sql_->run("DELETE FROM login_locks WHERE user_id = ?", {user});
    const SqlDone done =
        sql_->run("UPDATE account_states SET unlocked_at = ? WHERE user_id = ?", {at, user});
    if (done.rows > 0) return;
    sql_->run("INSERT INTO account_states (user_id, version, unlocked_at) VALUES (?, ?, ?)",
              {user, 1, at});
  });
}

Result<std::vector<Unlocked>> SqlAccountStore::unlocked_since(Timestamp since) {
  return attempt(*sql_, Access::read, [&] {
    std::vector<Unlocked> found;
    sql_->each(
        "SELECT u.username, a.unlocked_at FROM account_states a "
        "JOIN users u ON u.id = a.user_id WHERE a.unlocked_at > ? LIMIT ?",
        {since, most_unlocked}, [&](const SqlRow& row) {
          found.push_back({row.text(0), row.time(1)});
        });
    return found;
  });
}

// ---- sessions ---------------------------------------------------------------------------------

Result<void> SqlAccountStore::add_session(const Session& session) {
  return attempt(*sql_, Access::write, [&] {
    // A repetition finds its own row.
    const SqlDone done = sql_->run("UPDATE sessions SET last_seen = ? WHERE token_sha256 = ?",
                                   {session.last_seen, session.token_sha256});
    if (done.rows > 0) return;
    sql_->run(
        "INSERT INTO sessions (token_sha256, user_id, created_at, last_seen, "
        "remote_address) VALUES " +
            question_marks(5),
        {session.token_sha256, session.user_id, session.created_at, session.last_seen,
         session.remote_address});
  });
}

Result<std::optional<Session>> SqlAccountStore::find_session(const std::string& token_sha256) {
  return attempt(*sql_, Access::read, [&] {
    std::optional<Session> found;
    sql_->each("SELECT " + session_columns + " FROM sessions s WHERE s.token_sha256 = ?",
               {token_sha256}, [&](const SqlRow& row) { found = session_of(row); });
    return found;
  });
}

Result<std::vector<OwnedSession>> SqlAccountStore::sessions(std::optional<std::int64_t> user,
                                                            std::size_t limit) {
  return attempt(*sql_, Access::read, [&] {
    std::vector<OwnedSession> found;
    SqlValues values;
    if (user) values.emplace_back(*user);
    values.emplace_back(limit);
    sql_->each("SELECT " + session_columns +
                   ", u.username FROM sessions s JOIN users u ON u.id = s.user_id " +
                   (user ? "WHERE s.user_id = ? " : "") +
                   "ORDER BY s.last_seen DESC, s.token_sha256 LIMIT ?",
               values, [&](const SqlRow& row) {
                 found.push_back({session_of(row), row.text(5)});
               });
    return found;
  });
}

Result<std::vector<AccountStore::Standing>> SqlAccountStore::standing_sessions(
    std::span<const std::string> keys) {
  constexpr std::size_t keys_a_query = 500;
  return attempt(*sql_, Access::read, [&] {
    std::vector<Standing> found;
    for (std::size_t start = 0; start < keys.size(); start += keys_a_query) {
      const auto some = keys.subspan(start, std::min(keys_a_query, keys.size() - start));
      sql_->each(
          "SELECT s.token_sha256, u.role FROM sessions s JOIN users u ON u.id = s.user_id "
          "WHERE s.token_sha256 IN " +
              question_marks(some.size()),
          SqlValues(some.begin(), some.end()), [&](const SqlRow& row) {
            const bool admin = row.text(1) == role_word(Role::admin);
            found.push_back({row.text(0), admin ? Role::admin : Role::user});
          });
    }
    return found;
  });
}

Result<void> SqlAccountStore::touch_session(const std::string& token_sha256, Timestamp at) {
  return as_void(
      change("UPDATE sessions SET last_seen = ? WHERE token_sha256 = ?", {at, token_sha256}));
}

Result<void> SqlAccountStore::remove_session(const std::string& token_sha256) {
  return as_void(change("DELETE FROM sessions WHERE token_sha256 = ?", {token_sha256}));
}

Result<int> SqlAccountStore::remove_expired_sessions(Timestamp idle_since,
                                                     Timestamp created_since) {
  return change("DELETE FROM sessions WHERE last_seen < ? OR created_at < ?",
                {idle_since, created_since});
}

}  // namespace wl::storage
