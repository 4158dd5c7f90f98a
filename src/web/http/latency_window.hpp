// How long the last requests took.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace wl::web {

/// The times of the last requests, for percentiles.
class LatencyWindow {
 public:
  void add(std::chrono::steady_clock::duration taken) {
    last_ms_[count_++ % last_ms_.size()] = std::chrono::duration<double, std::milli>(taken).count();
  }
  /// `share` in [0, 1]; 0 before the first request.
  double percentile(double share) const {
    std::vector<double> sorted(last_ms_.begin(),
                               last_ms_.begin() + std::ptrdiff_t(std::min(count_, size)));
    if (sorted.empty()) return 0;
    const auto at = sorted.begin() + std::ptrdiff_t(share * double(sorted.size() - 1));
    std::ranges::nth_element(sorted, at);
    return *at;
  }

 private:
  static constexpr std::size_t size = 1024;
  std::array<double, size> last_ms_{};
  std::size_t count_ = 0;
};

}  // namespace wl::web
