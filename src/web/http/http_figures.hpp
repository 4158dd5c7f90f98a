// What the service has answered since its start, for /metrics.
#pragma once

#include <array>
#include <cstdint>

namespace wl::web {

/// Counts of answers and how long they took, from the request read to the answer ready. One thread.
class HttpFigures {
 public:
  /// Upper bounds of the histogram, in seconds. The last two hold what the time-outs cut.
  static constexpr std::array<double, 13> bounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                   0.25,  0.5,    1,     2.5,  5,     15};

  void count(int status, double seconds);

  /// Index 2 counts 2xx, and so on; 1 to 5.
  const std::array<std::uint64_t, 6>& by_class() const { return by_class_; }
  /// Answers up to each bound; those above the last one are in total() alone.
  const std::array<std::uint64_t, bounds_s.size()>& up_to_bound() const { return up_to_bound_; }
  std::uint64_t total() const { return total_; }
  double total_seconds() const { return total_seconds_; }

 private:
  std::array<std::uint64_t, 6> by_class_{};
  std::array<std::uint64_t, bounds_s.size()> up_to_bound_{};
  std::uint64_t total_ = 0;
  double total_seconds_ = 0;
};

}  // namespace wl::web
