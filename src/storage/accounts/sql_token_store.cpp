#include "storage/accounts/sql_token_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/accounts/user_rows.hpp"

namespace wl::storage {
namespace {

const std::string token_columns =
    "t.id, t.user_id, t.name, t.token_sha256, t.scopes, t.created_at, t.expires_at, t.last_used, "
    "t.revoked_at";

ApiToken token_of(const SqlRow& row, int first) {
  return {.id = row.integer(first),
          .user_id = row.integer(first + 1),
          .name = row.text(first + 2),
          .token_sha256 = row.text(first + 3),
          .scopes = row.text(first + 4),
          .created_at = row.time(first + 5),
          .expires_at = row.time(first + 6),
          .last_used = row.time_or_null(first + 7),
          .revoked_at = row.time_or_null(first + 8)};
}

}  // namespace

void SqlTokenStore::select(const std::string& condition, const SqlValues& values,
                           std::vector<OwnedToken>& to) {
  sql_.each("SELECT " + user_columns + ", " + token_columns +
                " FROM api_tokens t JOIN users u ON u.id = t.user_id "
                "LEFT JOIN account_states a ON a.user_id = u.id WHERE " +
                condition,
            values, [&](const SqlRow& row) {
              to.push_back({token_of(row, user_column_count), user_of(row)});
            });
}

Result<std::optional<OwnedToken>> SqlTokenStore::first(const std::string& condition,
                                                       const SqlValues& values) {
  return attempt(sql_, Access::read, [&]() -> std::optional<OwnedToken> {
    std::vector<OwnedToken> found;
    select(condition, values, found);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

Result<std::int64_t> SqlTokenStore::add(const ApiToken& token) {
  return attempt(sql_, Access::write, [&]() -> std::int64_t {
    if (!select_user(sql_, "u.id = ?", {token.user_id})) {
      throw DatabaseError({Errc::not_found, fmt::format("there is no user {}", token.user_id)});
    }
    return sql_
        .run(
            "INSERT INTO api_tokens (user_id, name, token_sha256, scopes, created_at, expires_at, "
            "last_used, revoked_at) VALUES " +
                question_marks(8),
            {token.user_id, token.name, token.token_sha256, token.scopes, token.created_at,
             token.expires_at, token.last_used, token.revoked_at})
        .insert_id;
  });
}

Result<std::optional<OwnedToken>> SqlTokenStore::find(const std::string& token_sha256) {
  return first("t.token_sha256 = ?", {token_sha256});
}

Result<std::optional<OwnedToken>> SqlTokenStore::find(std::int64_t id) {
  return first("t.id = ?", {id});
}

Result<std::vector<OwnedToken>> SqlTokenStore::list(std::optional<std::int64_t> user,
                                                    std::size_t limit) {
  return attempt(sql_, Access::read, [&] {
    std::vector<OwnedToken> found;
    SqlValues values;
    if (user) values.emplace_back(*user);
    values.emplace_back(limit);
    select(std::string(user ? "t.user_id = ? AND " : "") +
               "t.revoked_at IS NULL ORDER BY t.created_at DESC, t.id DESC LIMIT ?",
           values, found);
    return found;
  });
}

Result<std::vector<OwnedToken>> SqlTokenStore::standing(std::span<const std::string> keys) {
  constexpr std::size_t keys_a_query = 500;
  return attempt(sql_, Access::read, [&] {
    std::vector<OwnedToken> found;
    for (std::size_t start = 0; start < keys.size(); start += keys_a_query) {
      const auto some = keys.subspan(start, std::min(keys_a_query, keys.size() - start));
      select("t.revoked_at IS NULL AND t.token_sha256 IN " + question_marks(some.size()),
             SqlValues(some.begin(), some.end()), found);
    }
    return found;
  });
}

Result<void> SqlTokenStore::touch(const std::string& token_sha256, Timestamp at) {
  return attempt(sql_, Access::write, [&] {
    sql_.run("UPDATE api_tokens SET last_used = ? WHERE token_sha256 = ?", {at, token_sha256});
  });
}

Result<void> SqlTokenStore::revoke(std::int64_t id, Timestamp at) {
  return attempt(sql_, Access::write, [&] {
    const SqlDone done = sql_.run(
        "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", {at, id});
    if (done.rows == 0)
      throw DatabaseError({Errc::not_found, fmt::format("there is no token {}", id)});
  });
}

Result<int> SqlTokenStore::remove_old(Timestamp before) {
  return attempt(sql_, Access::write, [&] {
    return static_cast<int>(
        sql_.run("DELETE FROM api_tokens WHERE expires_at < ? OR revoked_at < ?", {before, before})
            .rows);
  });
}

}  // namespace wl::storage
