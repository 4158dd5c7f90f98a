// Who sends a request with `Authorization: Bearer wl_…`: API tokens in memory, backed by the
// database.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/token_store.hpp"
#include "web/api/session_directory.hpp"
#include "web/auth/address_throttle.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// `wl_` and 64 hexadecimal digits: 256 bits of chance.
std::string new_api_token();
/// The token of an Authorization header of the scheme Bearer; nothing without such a header.
std::optional<std::string> bearer_token(const Request& request);

/// Finds the owner of a token. One that was used before needs no database, as long as it is not
/// revoked or run out; a wrong one counts against its address. Lives on the loop's thread.
class TokenDirectory {
 public:
  using Found = std::move_only_function<void(std::expected<SignedIn, Problem>)>;

  TokenDirectory(AccountDesk& accounts, PasswordDesk& passwords)
      : accounts_(accounts), default_password_(passwords), throttle_({}) {}

  /// 401 for a token that is none, 429 for an address that tries too many, 503 when only the
  /// database could tell and does not answer. Counts as use.
  void find(const std::string& token, const Request& request, Timestamp now, Found found);
  /// Known here, and neither revoked nor run out.
  bool is_alive(const std::string& token_sha256, Timestamp now) const;

  /// Forgets tokens that were revoked: one, or all of a user; returns their keys.
  void forget(const std::string& token_sha256);
  std::vector<std::string> forget_user(std::int64_t user_id);
  void set_default_password(std::int64_t user_id, bool is_default);

  /// Once a minute or more often: writes `last_used` and drops what has run out; returns the keys.
  std::vector<std::string> tick(Timestamp now);

  std::vector<std::string> keys() const;
  /// `standing`: what the database knows of `asked`. Forgets what was revoked and what has an owner
  /// with another role by now, returns the keys of those.
  std::vector<std::string> keep_standing(const std::vector<std::string>& asked,
                                         const std::vector<storage::OwnedToken>& standing);
  std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    SignedIn caller;
    Timestamp expires_at{};
    std::int64_t owner_version = 0;
    Timestamp last_used{};
    bool is_stale = false;  ///< The owner was changed: to be read again at the next use.
  };
  using Shared = std::shared_ptr<Found>;

  void look_up(const std::string& key, const Request& request, Timestamp now, Shared found);
  void take(const storage::OwnedToken& owned, Timestamp now, Shared found);
  void make_room();

  AccountDesk& accounts_;
  DefaultPasswordCheck default_password_;
  AddressThrottle throttle_;
  std::unordered_map<std::string, Known> known_;
  std::unordered_map<std::string, Timestamp> touched_;  // Not yet in the database.
};

}  // namespace wl::web
