// How well the scan keeps its time: what operators see in `wattline status`.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace wl::plc {

/// Figures over some period. Durations in microseconds.
struct ScanFigures {
  std::uint64_t scans = 0;
  double mean_us = 0;
  double max_us = 0;
  double max_jitter_us = 0;    ///< Start of a scan after its deadline.
  std::uint64_t overruns = 0;  ///< Scans longer than the interval, or with deadlines missed.
  std::uint64_t missed = 0;    ///< Deadlines that passed without a scan.
};

/// Counts every scan, since the start and over the last minute (60 buckets of one second): a peak
/// of last week must not hide what goes on now. Fixed memory; the scan thread owns it.
class ScanStatistics {
 public:
  struct Scan {
    std::chrono::nanoseconds at;  ///< Its deadline; never earlier than the one before.
    std::chrono::nanoseconds duration;
    std::chrono::nanoseconds jitter;
    std::uint64_t missed = 0;
    bool overrun = false;
  };

  void add(const Scan& scan);

  ScanFigures since_start() const { return figures(total_); }
  /// The 60 s before `now`, in whole seconds.
  ScanFigures last_minute(std::chrono::nanoseconds now) const;
  double last_us() const { return last_us_; }

 private:
  struct Bucket {
    std::int64_t second = -1;
    std::uint64_t scans = 0;
    double sum_us = 0;
    double max_us = 0;
    double max_jitter_us = 0;
    std::uint64_t overruns = 0;
    std::uint64_t missed = 0;

    void merge(const Bucket& other);
  };
  static ScanFigures figures(const Bucket& bucket);

  Bucket total_;
  std::array<Bucket, 60> seconds_;
  double last_us_ = 0;
};

}  // namespace wl::plc
