// Where the collector's process dies: at a step of its own work, not between two of them.
#pragma once

#include <cstdint>
#include <optional>

#include "tests/sim/faults.hpp"

namespace wl::sim {

/// Thrown through the collector's parts, as if nothing after this line was ever done.
struct Crash {
  enum class Kind {
    kill,  ///< The process; what it had written to files is still there.
    power  ///< The computer, with the gateway on it: what was not synced is lost or torn.
  };
  Kind kind = Kind::kill;
  Fault site{};
};

class CrashPlan {
 public:
  /// Dies at the `n`-th passing (1: the next) of the step.
  void arm(Fault step, std::uint64_t n, Crash::Kind kind) { armed_ = Armed{step, n, kind}; }
  void disarm() { armed_.reset(); }
  bool armed() const { return armed_.has_value(); }

  void pass(Fault step) {
    if (!armed_ || armed_->step != step || --armed_->left > 0) return;
    const Crash crash{armed_->kind, step};
    armed_.reset();
    throw crash;
  }

 private:
  struct Armed {
    Fault step;
    std::uint64_t left;
    Crash::Kind kind;
  };
  std::optional<Armed> armed_;
};

}  // namespace wl::sim
