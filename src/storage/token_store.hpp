// API tokens: what scripts use instead of a session. The interface of both backends.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/account_store.hpp"

namespace wl::storage {

/// Only the SHA-256 of a token is stored; the token itself is shown once, when it is made.
struct ApiToken {
  std::int64_t id = 0;
  std::int64_t user_id = 0;
  std::string name;
  std::string token_sha256;  ///< Hex.
  std::string scopes;        ///< Words with blanks between: `read alarms`.
  Timestamp created_at{};
  Timestamp expires_at{};
  std::optional<Timestamp> last_used;
  std::optional<Timestamp> revoked_at;
};

/// A token and its owner as both stand now.
struct OwnedToken {
  ApiToken token;
  User owner;
};

/// Part of an AccountStore. Not thread-safe.
class TokenStore {
 public:
  virtual ~TokenStore() = default;

  /// Returns the id. `not_found` without that user.
  virtual Result<std::int64_t> add(const ApiToken& token) = 0;
  virtual Result<std::optional<OwnedToken>> find(const std::string& token_sha256) = 0;
  virtual Result<std::optional<OwnedToken>> find(std::int64_t id) = 0;
  /// Those that are not revoked, expired ones too, of one user or of all; newest first.
  virtual Result<std::vector<OwnedToken>> list(std::optional<std::int64_t> user,
                                               std::size_t limit) = 0;
  /// Which of these exist and are not revoked, as they and their owners stand now.
  virtual Result<std::vector<OwnedToken>> standing(std::span<const std::string> keys) = 0;
  virtual Result<void> touch(const std::string& token_sha256, Timestamp at) = 0;
  /// `not_found` when there is none, or it is revoked already.
  virtual Result<void> revoke(std::int64_t id, Timestamp at) = 0;
  /// Forgets those that were revoked or expired before `before`. Returns how many.
  virtual Result<int> remove_old(Timestamp before) = 0;
};

}  // namespace wl::storage
