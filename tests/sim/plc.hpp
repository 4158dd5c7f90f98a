// The simulated PLC: scans, counts, and keeps the truth log.
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/sim/gateway.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

/// The energy counter is RETAIN and never torn; the scan counter begins anew with each boot.
class Plc {
 public:
  Plc(World& world, std::uint64_t seed, Gateway& gateway)
      : world_(world), dice_(seed, 12), gateway_(gateway) {}

  Milliseconds next_due() const { return next_scan_; }
  void turn();

  /// It boots again after `down`; the gateway misses it.
  void kill(Milliseconds down);
  /// No scan for so long.
  void hang(Milliseconds time);
  /// Scans each second until then.
  void hurry_until(Milliseconds until);
  double energy_kwh() const { return energy_kwh_; }

 private:
  double power();

  World& world_;
  Dice dice_;
  Gateway& gateway_;
  Milliseconds next_scan_{};
  Milliseconds hung_until_{};
  Milliseconds hurry_until_{};
  Milliseconds last_scan_{};
  Milliseconds next_overload_{std::chrono::minutes(30)};
  Milliseconds overload_until_{};
  double overload_kw_ = 0;
  double last_power_kw_ = 0;
  double exact_kwh_ = 1000;
  double energy_kwh_ = 1000;  ///< As the meter shows it.
  std::int64_t boots_ = 1;
  std::int64_t scans_ = 0;
  bool booted_ = true;
};

}  // namespace wl::sim
