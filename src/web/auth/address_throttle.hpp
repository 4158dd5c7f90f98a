// How often one address may be wrong.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.hpp"

namespace wl::web {

struct ThrottleLimits {
  int burst = 20;                 ///< Failures of one address before it has to wait.
  Milliseconds refill{6'000};     ///< One more try after so long.
  std::size_t capacity = 20'000;  ///< Addresses; the one not heard of longest makes room.
};

/// A debt that grows by one with each failure and is forgiven with time. Pure: no clock, one
/// thread.
class AddressThrottle {
 public:
  explicit AddressThrottle(ThrottleLimits limits) : limits_(limits) {}

  /// Counts an attempt as failed. When the address owes too much: how long it has to wait; then
  /// nothing is counted.
  std::optional<Milliseconds> charge(const std::string& address, Timestamp now);
  /// The attempt was right, or was not decided: takes it back.
  void forgive(const std::string& address);

 private:
  struct Address {
    double debt = 0;  ///< Failures not yet forgiven by time.
    Timestamp last{};
  };

  ThrottleLimits limits_;
  std::unordered_map<std::string, Address> addresses_;
};

}  // namespace wl::web
