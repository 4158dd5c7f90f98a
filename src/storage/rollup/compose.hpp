// Buckets of a tier become the buckets of an answer: head and tail completed, several in one.
//
// What is computed is the signal that sample and hold makes of the samples: at any time the value
// of the newest sample, where that is usable and life is proven. So a bucket's statistics include
// the value that is held when it begins: its min and max count that, `first` is it, and a counter
// grows from `first` to `last` by all that was counted in the bucket. A value stays held over a
// gap, of which no millisecond counts. A bucket without samples but with proven life has
// min = max = mean = first = last = the held value and count 0; a gap has no statistics.
//
// Pure function: no I/O, no clock. Any thread may call it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "storage/rollup/alive_timeline.hpp"
#include "storage/rollup/bucket.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// Composes an answer from buckets that come in pieces: a year of hours need not lie in memory.
class Composer {
 public:
  /// `edges`: ascending starts of the answer's buckets, and the end of the last; each a multiple of
  /// the tier's bucket length. `alive`: proven life between the first and the last edge. Both must
  /// outlive it.
  Composer(std::span<const Timestamp> edges, const AliveTimeline& alive);

  /// The next buckets of one tier, ascending over all calls. One before the first edge says what is
  /// held there; those from the last edge on are ignored.
  void add(std::span<const Bucket> buckets);
  /// edges.size() - 1 buckets, in order; none for fewer than two edges.
  std::vector<StatisticsBucket> finish();

  /// A bucket of the answer so far. Internal.
  struct Filling {
    Timestamp reached{};
    bool holds = false;  ///< A usable value is held from `reached` on:
    double held = 0;     ///< this one.
    std::uint64_t count = 0;
    std::uint64_t usable = 0;
    bool any = false;  ///< min, max, first and last say something.
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double first = 0;
    double last = 0;
    double sum = 0;
    double integral = 0;
    std::int64_t good_ms = 0;
  };

 private:
  bool complete() const;
  void begin(Timestamp from, Timestamp to);
  void close();

  const std::span<const Timestamp> edges_;
  const AliveTimeline& alive_;
  std::vector<StatisticsBucket> answer_;
  Timestamp from_{};
  Timestamp to_{};
  bool whole_ = false;  ///< Life is proven all through from_ to to_.
  Filling filling_;
};

/// All at once. `before`: the newest bucket of the tier that starts before the first edge, which
/// has the value held there. `buckets`: of one tier, ascending; those outside of the edges are
/// ignored.
///
/// `mean` is time-weighted and within [min, max]; where no usable value was held for even a
/// millisecond of proven life, but usable samples are there, it is their plain mean and good_share
/// is 0.
std::vector<StatisticsBucket> compose(std::span<const Timestamp> edges,
                                      const std::optional<Bucket>& before,
                                      std::span<const Bucket> buckets, const AliveTimeline& alive);

}  // namespace wl::storage
