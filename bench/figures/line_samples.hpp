// The samples that every engine gets: a production line that never was, the same at each run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "model/sample.hpp"

namespace wl::bench {

inline constexpr std::size_t points_a_device = 4;

/// Midnight of 2024-01-01, UTC: full hour, day and year.
inline constexpr Timestamp epoch{Milliseconds{1'704'067'200'000}};

/// Devices `d001`, `d002` … with power_kw, energy_kwh, status and speed, in that order.
Plant synthetic_plant(std::size_t devices);

/// One device: power that wanders, starts and stops with noise of a meter of 0.001 kW; its energy
/// as a counter of 0.001 kWh; a state that changes every few minutes; a speed with little noise.
class SyntheticDevice {
 public:
  explicit SyntheticDevice(std::uint64_t seed);

  /// Goes on by `step` and writes power, energy, state and speed.
  void advance(Milliseconds step, std::span<double, points_a_device> values);

 private:
  double chance();  ///< [0, 1)
  double noise();   ///< About normal, deviation 1.

  std::uint64_t random_;
  double load_kw_ = 2.2;
  double energy_kwh_ = 12345.6;
  double state_ = 1;
};

/// Samples of synthetic_plant, time by time.
class SyntheticLine {
 public:
  SyntheticLine(std::size_t devices, Timestamp from);

  /// From now on the first `devices` devices only, one sample a point each `step`.
  void set_pace(std::size_t devices, Milliseconds step);
  /// The next `length` of data, a multiple of the step.
  std::vector<Sample> next(Milliseconds length);
  Timestamp now() const { return now_; }

 private:
  std::vector<SyntheticDevice> devices_;
  std::size_t active_;
  Timestamp now_;
  Milliseconds step_{1000};
};

/// Cuts samples in time order into batches of `size`; the last one may be shorter.
std::vector<std::span<const Sample>> cut(std::span<const Sample> samples, std::size_t size);

}  // namespace wl::bench
