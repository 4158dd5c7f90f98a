// When to try again after a lost or refused connection. Pure: no clock, no random source inside.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace wl::opcua {

/// Doubles the delay from 250 ms to the cap, with a quarter of jitter either way so that many
/// clients of one server do not return in step. One thread.
class ReconnectPolicy {
 public:
  /// `max_attempts` 0 = for ever.
  ReconnectPolicy(Milliseconds cap, std::uint64_t max_attempts)
      : cap_(cap), max_attempts_(max_attempts) {}

  /// An attempt failed. The delay before the next one; nothing when it was the last allowed.
  /// `random` lies in [0, 1).
  std::optional<Milliseconds> on_failure(double random);

  /// The link was up: the next failure starts from the beginning.
  void on_success() { failures_ = 0; }

  std::uint64_t failures() const { return failures_; }

 private:
  Milliseconds cap_;
  std::uint64_t max_attempts_;
  std::uint64_t failures_ = 0;
};

}  // namespace wl::opcua
