// Who is signed in: the sessions of this process, in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "storage/account_store.hpp"

namespace wl::web {

/// Who calls, as the web process knows it: a signed-in browser, or a script with an API token.
struct SignedIn {
  std::string token_sha256;  ///< Hex; the key. The token itself is only in the browser's cookie.
  std::int64_t user_id = 0;
  std::string username;
  storage::Role role = storage::Role::user;
  bool default_password = false;  ///< admin / admin123 still stands.
  Timestamp created_at{};
  Timestamp last_seen{};
  std::string remote_address;
  std::string token_name = {};     ///< Of the API token; empty: a browser's session.
  std::uint32_t token_scopes = 0;  ///< What the token is for, see token_scopes.hpp.

  bool by_token() const { return !token_name.empty(); }
};

struct SessionLimits {
  Milliseconds idle{30 * 60'000};
  Milliseconds absolute{12 * 3'600'000};
  std::size_t capacity = 10'000;  ///< The one that was idle longest makes room.
};

/// Holds the sessions so that a request needs no database, and the live view outlives its outage.
/// Pure: no I/O, no clock. One thread uses it.
class SessionTable {
 public:
  explicit SessionTable(SessionLimits limits) : limits_(limits) {}

  void add(SignedIn session);
  /// Nothing when unknown or expired; else `last_seen` becomes `now`.
  const SignedIn* touch(const std::string& token_sha256, Timestamp now);
  /// As touch, but it does not count as use.
  const SignedIn* peek(const std::string& token_sha256, Timestamp now) const;
  /// Also one that has run out and was not yet dropped.
  const SignedIn* look(const std::string& token_sha256) const;
  bool remove(const std::string& token_sha256);
  /// Every session of a user but `keep`; returns their keys.
  std::vector<std::string> remove_user(std::int64_t user_id, const std::string& keep);
  /// Changes the flag in all sessions of a user.
  void set_default_password(std::int64_t user_id, bool is_default);
  /// Drops what has expired; returns the keys.
  std::vector<std::string> expire(Timestamp now);
  /// Of all sessions.
  std::vector<std::string> keys() const;
  bool alive(const SignedIn& session, Timestamp now) const;
  std::size_t size() const { return sessions_.size(); }

 private:
  void make_room();

  SessionLimits limits_;
  std::unordered_map<std::string, SignedIn> sessions_;
};

/// The X-CSRF-Token of a session: only a page of this origin can read it.
std::string csrf_token(const std::string& secret_key, const std::string& token_sha256);

}  // namespace wl::web
