// Who sends a request: sessions in memory, backed by the database.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "storage/account_store.hpp"
#include "web/api/default_password_check.hpp"
#include "web/api/session_cookie.hpp"
#include "web/auth/session_table.hpp"
#include "web/http/message.hpp"
#include "web/workers.hpp"

namespace wl::web {

/// The key under which a token's session is known: its SHA-256, in hexadecimal.
std::string session_key(std::string_view token);

/// What a session is called in lists and addresses: nobody can sign in with it.
std::string public_session_id(const std::string& token_sha256);

using AccountDesk = Desk<storage::AccountStore>;
using Clock = std::function<Timestamp()>;

/// Finds, opens and closes sessions. A session that is known here needs no database; one from
/// before a restart, or of another web process, is read once. Lives on the loop's thread.
class SessionDirectory {
 public:
  using Found = std::move_only_function<void(Result<std::optional<SignedIn>>)>;

  SessionDirectory(SessionLimits limits, AccountDesk& accounts, PasswordDesk& passwords)
      : limits_(limits), table_(limits), accounts_(accounts), default_password_(passwords) {}

  /// The session of the request's cookie; nothing without one; an error when only the database
  /// could tell and does not answer. Counts as use.
  void find(const Request& request, Timestamp now, Found found);
  /// The session of the cookie if it is known here; it does not count as use.
  const SignedIn* peek(const Request& request, Timestamp now) const;
  /// Signs a user in; returns the new token for the cookie. The database gets it in the background;
  /// when that fails it is tried again, and until then the session is known to this process alone.
  std::string open(SignedIn session);
  void close(const std::string& token_sha256);
  /// Forgets all sessions of a user but one that were ended in the database; returns their keys.
  std::vector<std::string> forget_user(std::int64_t user_id, const std::string& keep);

  /// Once a minute or more often: writes `last_seen` to the database and drops what has expired;
  /// returns the keys of those.
  std::vector<std::string> tick(Timestamp now);

  /// Those that the database should know.
  std::vector<std::string> stored_keys() const;
  /// `standing`: what the database knows of `asked`. Forgets the others, and those whose user has
  /// another role by now; returns their keys.
  std::vector<std::string> keep_standing(
      const std::vector<std::string>& asked,
      const std::vector<storage::AccountStore::Standing>& standing);

  SessionTable& table() { return table_; }
  const SessionTable& table() const { return table_; }

 private:
  void restore(std::string token_sha256, Timestamp now, Found found);
  void finish_restore(SignedIn session, const std::string& hash, Found found);
  void store(const storage::Session& session);
  void forget_in_database(const std::string& token_sha256);

  SessionLimits limits_;
  SessionTable table_;
  AccountDesk& accounts_;
  DefaultPasswordCheck default_password_;
  std::unordered_map<std::string, Timestamp> touched_;          // Not yet in the database.
  std::unordered_map<std::string, storage::Session> unstored_;  // Opened, but not yet there.
};

}  // namespace wl::web
