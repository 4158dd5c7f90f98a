// What the subscription brings of a plant that never was, faults included: the same at each run.
#pragma once

#include <vector>

#include "collector/core.hpp"
#include "line_samples.hpp"

namespace wl::bench {

/// synthetic_plant(devices) and behind it the device `total` with status, product_count and
/// reject_count, of which the OEE is computed.
Plant busy_plant(std::size_t devices);

collector::PointChange change_of(const Sample& sample);

/// One sample a point and step. Of some 10,000 samples 47 are of bad quality, 20 below the range,
/// 10 NaN, 7 told twice and 5 a text; so many a cleaner meets on a bad day.
class Deliveries {
 public:
  Deliveries(std::size_t devices, Milliseconds step, Timestamp from);

  /// The next step: notifications of 1,000 changes at most.
  std::vector<std::vector<collector::PointChange>> next();
  /// When they arrive; the source times are 20 ms older.
  Timestamp received_at() const { return line_.now() - step_ + Milliseconds{20}; }

 private:
  void add(collector::PointChange change);
  void add_line(Timestamp at);

  const std::uint32_t points_;
  const Milliseconds step_;
  SyntheticLine line_;
  std::uint64_t samples_ = 0;
  std::uint64_t steps_ = 0;
  std::vector<std::vector<collector::PointChange>> notifications_;
};

}  // namespace wl::bench
