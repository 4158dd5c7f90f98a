// When life was proven, as disjoint spans that answer "for how long between these two times?".
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "model/link_interval.hpp"

namespace wl::storage {

/// Grows by one span for each gap, so call forget_before() where it lives long. Pure; one thread.
class AliveTimeline {
 public:
  AliveTimeline() = default;
  /// Intervals in any order; they may touch and overlap. Those that are not alive are ignored.
  explicit AliveTimeline(std::span<const LinkInterval> intervals);

  void add(const LinkInterval& interval);

  /// Proven life within [from, to) in milliseconds; 0 unless from < to.
  std::int64_t alive_ms(Timestamp from, Timestamp to) const {
    // Nearly every question of an ingest is about the newest span, and wholly inside it.
    if (!spans_.empty() && spans_.back().from <= from && to <= spans_.back().to)
      return std::max<std::int64_t>(0, (to - from).count());
    return alive_in_spans(from, to);
  }

  /// Drops spans that end at or before `time`.
  void forget_before(Timestamp time);

 private:
  struct Span {
    Timestamp from;
    Timestamp to;
  };

  std::int64_t alive_in_spans(Timestamp from, Timestamp to) const;

  std::vector<Span> spans_;  ///< Ascending; none touches the next.
};

}  // namespace wl::storage
