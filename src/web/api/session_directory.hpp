// Who sends a request: sessions in memory, backed by the database.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "storage/account_store.hpp"
#include "web/auth/session_table.hpp"
#include "web/http/message.hpp"
#include "web/workers.hpp"

namespace wl::web {

inline constexpr std::string_view session_cookie = "wattline_session";

/// The key under which a token's session is known: its SHA-256, in hexadecimal.
std::string session_key(std::string_view token);

/// bcrypt has a thread of its own; this is what that thread owns.
struct PasswordBench {
  int cost;
};

using AccountDesk = Desk<storage::AccountStore>;
using PasswordDesk = Desk<PasswordBench>;
using Clock = std::function<Timestamp()>;

/// Finds, opens and closes sessions. A session that is known here needs no database; one from
/// before a restart is read back once. Lives on the loop's thread.
class SessionDirectory {
 public:
  using Found = std::move_only_function<void(Result<std::optional<SignedIn>>)>;

  SessionDirectory(SessionLimits limits, AccountDesk& accounts, PasswordDesk& passwords)
      : limits_(limits), table_(limits), accounts_(accounts), passwords_(passwords) {}

  /// The session of the request's cookie; nothing without one; an error when only the database
  /// could tell and does not answer. Counts as use.
  void find(const Request& request, Timestamp now, Found found);
  /// Signs a user in; returns the new token for the cookie. The database gets it in the background:
  /// when that fails, the session ends with this process.
  std::string open(SignedIn session);
  void close(const std::string& token_sha256);
  /// Ends all others of a user, e.g. after a password change; returns their keys.
  std::vector<std::string> close_others(const SignedIn& mine);

  /// Once a minute or more often: writes `last_seen` to the database and drops what has expired;
  /// returns the keys of those.
  std::vector<std::string> tick(Timestamp now);

  SessionTable& table() { return table_; }
  const SessionTable& table() const { return table_; }

 private:
  void restore(std::string token_sha256, Timestamp now, Found found);
  void finish_restore(SignedIn session, std::string hash, Found found);
  void forget_in_database(const std::string& token_sha256);

  SessionLimits limits_;
  SessionTable table_;
  AccountDesk& accounts_;
  PasswordDesk& passwords_;
  std::unordered_map<std::string, Timestamp> touched_;  // Not yet in the database.
  std::string checked_hash_;  // Of admin, and whether it is the default password's.
  bool checked_is_default_ = false;
};

}  // namespace wl::web
