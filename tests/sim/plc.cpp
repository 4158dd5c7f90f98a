#include "tests/sim/plc.hpp"

#include <algorithm>
#include <cmath>

namespace wl::sim {

void Plc::turn() {
  const Milliseconds now = world_.clock.now;
  if (now < next_scan_) return;
  if (!booted_) {
    booted_ = true;
    ++boots_;
    scans_ = 0;
    last_scan_ = now;  // What it did not measure it does not count.
  }
  const Timestamp at = world_.clock.true_wall();
  const double hours = std::chrono::duration<double, std::ratio<3600>>(now - last_scan_).count();
  exact_kwh_ += last_power_kw_ * hours;
  last_scan_ = now;
  last_power_kw_ = power();
  const std::int64_t serial = boots_ * 1'000'000 + ++scans_;
  world_.truth.scanned(serial, at);
  gateway_.take(power_point, {last_power_kw_, quality::good, at});
  const double shown = std::floor(exact_kwh_ * 1000) / 1000;
  if (shown != energy_kwh_) gateway_.take(energy_point, {shown, quality::good, at});
  energy_kwh_ = shown;
  gateway_.take(serial_point, {serial, quality::good, at});
  next_scan_ = now + (now < hurry_until_ ? world_.pace.scan : world_.pace.slow_scan);
}

/// Around 2 kW; each few hours an overload that thresholds see, two minutes to ten.
double Plc::power() {
  const Milliseconds now = world_.clock.now;
  if (now >= next_overload_) {
    next_overload_ = now + dice_.between(std::chrono::hours(1), std::chrono::hours(6));
    overload_until_ = now + dice_.between(std::chrono::minutes(2), std::chrono::minutes(10));
    overload_kw_ = 1.3 + 0.4 * static_cast<double>(dice_.below(4));  // 3.3 … 4.5 kW
  }
  const double noise = static_cast<double>(dice_.below(200)) / 1000;
  const double kw = 2.0 + noise + (now < overload_until_ ? overload_kw_ : 0);
  return std::round(kw * 1000) / 1000;
}

void Plc::kill(Milliseconds down) {
  booted_ = false;
  last_power_kw_ = 0;
  next_scan_ = world_.clock.now + down;
  gateway_.lose_plc();
}

void Plc::hang(Milliseconds time) {
  hung_until_ = world_.clock.now + time;
  next_scan_ = std::max(next_scan_, hung_until_);
}

void Plc::hurry_until(Milliseconds until) {
  hurry_until_ = std::max(hurry_until_, until);
  if (booted_ && world_.clock.now >= hung_until_)
    next_scan_ = std::min(next_scan_, world_.clock.now + world_.pace.scan);
}

}  // namespace wl::sim
