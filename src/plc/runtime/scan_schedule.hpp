// When the next scan is due, and at which wall-clock time its values arose. Pure: no clock inside.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace wl::plc {

/// Absolute deadlines on a grid: one every `interval` since the first, so that lateness of one
/// scan never shifts the next. Times are CLOCK_MONOTONIC since an arbitrary epoch.
class ScanSchedule {
 public:
  struct Wake {
    std::chrono::nanoseconds deadline;  ///< The grid time that this scan stands for.
    std::chrono::nanoseconds jitter;    ///< How much later than `deadline` it starts; >= 0.
    std::uint64_t missed;               ///< Deadlines that passed without a scan.
  };

  ScanSchedule(std::chrono::nanoseconds interval, std::chrono::nanoseconds first_deadline)
      : interval_(interval), next_(first_deadline) {}

  /// Sleep until then.
  std::chrono::nanoseconds next_deadline() const { return next_; }

  /// The scan that starts at `now`. Missed deadlines are skipped, never run in a burst: after a
  /// stop of 30 s the next scan stands for now, not for 30 s ago.
  Wake wake(std::chrono::nanoseconds now) {
    const auto late = now > next_ ? now - next_ : std::chrono::nanoseconds{0};
    const std::int64_t missed = late / interval_;
    const auto deadline = next_ + missed * interval_;
    next_ = deadline + interval_;
    return {deadline, late - missed * interval_, static_cast<std::uint64_t>(missed)};
  }

 private:
  const std::chrono::nanoseconds interval_;
  std::chrono::nanoseconds next_;
};

/// Maps deadlines to the wall clock by one fixed offset, so that source times lie on the grid of
/// the scans and slow corrections of the clock never make two scans share a time.
class SourceClock {
 public:
  /// A smaller difference is slewing or a late reading; a larger one means that someone set the
  /// clock.
  static constexpr Milliseconds step_limit{1000};

  SourceClock(std::chrono::nanoseconds monotonic, Timestamp wall)
      : anchor_(monotonic), wall_(wall) {}

  Timestamp at(std::chrono::nanoseconds deadline) const {
    return wall_ + std::chrono::duration_cast<Milliseconds>(deadline - anchor_);
  }

  /// Compares with both clocks read now. After a step it follows, and returns by how much.
  std::optional<Milliseconds> follow(std::chrono::nanoseconds monotonic, Timestamp wall) {
    const Milliseconds difference = wall - at(monotonic);
    if (std::chrono::abs(difference) <= step_limit) return std::nullopt;
    wall_ += difference;
    return difference;
  }

 private:
  const std::chrono::nanoseconds anchor_;
  Timestamp wall_;
};

}  // namespace wl::plc
