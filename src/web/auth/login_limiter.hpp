// Keeps guessing slow: stands before bcrypt and decides whether a sign-in may be tried at all.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.hpp"
#include "web/auth/address_throttle.hpp"

namespace wl::web {

struct LoginLimits {
  int max_attempts = 3;                ///< MAX_LOGIN_ATTEMPTS
  Milliseconds lockout{10 * 60'000};   ///< ACCOUNT_LOCKOUT_DURATION
  int address_burst = 20;              ///< Failures of one address before it is throttled.
  Milliseconds address_refill{6'000};  ///< One more try after so long.
  std::size_t capacity = 20'000;       ///< Entries of each kind; the oldest makes room.
};

/// Why a sign-in is not tried.
struct LoginRefusal {
  enum class Kind {
    locked,     ///< This account, from this address: 403.
    throttled,  ///< This address, whatever the account: 429.
  };
  Kind kind;
  Milliseconds retry_after;
};

/// Locks by account **and** address, so that a storm from one place does not lock out the owner
/// of the account at another. An attempt counts as failed from admit() on, until succeeded():
/// parallel guesses are no way around it. Pure: no clock, one thread.
class LoginLimiter {
 public:
  explicit LoginLimiter(LoginLimits limits)
      : limits_(limits),
        addresses_({limits.address_burst, limits.address_refill, limits.capacity}) {}

  /// Nothing when the attempt may go on.
  std::optional<LoginRefusal> admit(const std::string& account, const std::string& address,
                                    Timestamp now);
  /// The password was right: forgets the account's failures from there.
  void succeeded(const std::string& account, const std::string& address);
  /// The attempt was not decided (no database, queue full): takes it back.
  void undecided(const std::string& account, const std::string& address);
  /// Failures counted for this account and address, and until when it is locked.
  int failures(const std::string& account, const std::string& address) const;
  std::optional<Timestamp> locked_until(const std::string& account,
                                        const std::string& address) const;
  /// What another process counted for this account and address: a restart, or a second process,
  /// is no new chance.
  void learn(const std::string& account, const std::string& address, int attempts, Timestamp last);
  /// Forgets the failures of the account up to `at`, at every address.
  void unlock(const std::string& account, Timestamp at);

 private:
  struct Account {
    int attempts = 0;
    Timestamp last{};
  };
  LoginLimits limits_;
  std::unordered_map<std::string, Account> accounts_;
  AddressThrottle addresses_;
};

}  // namespace wl::web
