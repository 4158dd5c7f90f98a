#include "plc/runtime/scan_statistics.hpp"

#include <algorithm>

namespace wl::plc {
namespace {

double microseconds(std::chrono::nanoseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

std::int64_t second_of(std::chrono::nanoseconds time) {
  return std::chrono::floor<std::chrono::seconds>(time).count();
}

}  // namespace

void ScanStatistics::Bucket::merge(const Bucket& other) {
  scans += other.scans;
  sum_us += other.sum_us;
  max_us = std::max(max_us, other.max_us);
  max_jitter_us = std::max(max_jitter_us, other.max_jitter_us);
  overruns += other.overruns;
  missed += other.missed;
}

void ScanStatistics::add(const Scan& scan) {
  last_us_ = microseconds(scan.duration);
  const Bucket one{.second = second_of(scan.at),
                   .scans = 1,
                   .sum_us = last_us_,
                   .max_us = last_us_,
                   .max_jitter_us = microseconds(scan.jitter),
                   .overruns = scan.overrun ? 1u : 0u,
                   .missed = scan.missed};
  total_.merge(one);
  Bucket& bucket = seconds_[static_cast<std::size_t>(one.second) % seconds_.size()];
  if (bucket.second != one.second) bucket = Bucket{.second = one.second};
  bucket.merge(one);
}

ScanFigures ScanStatistics::last_minute(std::chrono::nanoseconds now) const {
  const std::int64_t oldest = second_of(now) - static_cast<std::int64_t>(seconds_.size()) + 1;
  Bucket sum;
  for (const Bucket& bucket : seconds_) {
    if (bucket.second >= oldest) sum.merge(bucket);
  }
  return figures(sum);
}

ScanFigures ScanStatistics::figures(const Bucket& bucket) {
  return {.scans = bucket.scans,
          .mean_us = bucket.scans == 0 ? 0 : bucket.sum_us / static_cast<double>(bucket.scans),
          .max_us = bucket.max_us,
          .max_jitter_us = bucket.max_jitter_us,
          .overruns = bucket.overruns,
          .missed = bucket.missed};
}

}  // namespace wl::plc
