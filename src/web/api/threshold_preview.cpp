#include "web/api/threshold_preview.hpp"

#include <algorithm>

namespace wl::web {
namespace {

constexpr std::size_t most_told = 10;

}  // namespace

FiringCount count_firings(std::span<const storage::StatisticsBucket> minutes,
                          const ThresholdRow& threshold) {
  const bool low = threshold.direction == "low";
  // Upside down, a low limit is a high one.
  const double sign = low ? -1 : 1;
  const double limit = sign * threshold.threshold_value;
  FiringCount count;
  std::optional<Firing> running;
  const auto end = [&] {
    if (!running) return;
    running->extreme *= sign;
    count.newest.push_back(*running);
    if (count.newest.size() > most_told) count.newest.erase(count.newest.begin());
    running.reset();
  };
  for (const storage::StatisticsBucket& minute : minutes) {
    const std::optional<double>& found = low ? minute.min : minute.max;
    if (!found) continue;
    ++count.minutes_with_values;
    const double value = sign * *found;
    const bool passed = value > limit;
    if (passed) ++count.minutes;
    if (running && !passed && value <= limit - threshold.hysteresis) end();
    if (passed && !running) {
      ++count.firings;
      running = Firing{minute.from, minute.to, value};
    }
    if (running) {
      running->to = minute.to;
      running->extreme = std::max(running->extreme, value);
    }
  }
  end();
  return count;
}

}  // namespace wl::web
