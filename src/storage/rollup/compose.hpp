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

#include <optional>
#include <span>
#include <vector>

#include "storage/rollup/alive_timeline.hpp"
#include "storage/rollup/bucket.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// edges.size() - 1 buckets, in order; none for fewer than two edges.
///
/// `edges`: ascending starts of the answer's buckets, and the end of the last; each a multiple of
/// the tier's bucket length. `before`: the newest bucket of the tier that starts before the first
/// edge, which has the value held there. `buckets`: of one tier, ascending; those outside of the
/// edges are ignored. `alive`: proven life between the first and the last edge.
///
/// `mean` is time-weighted and within [min, max]; where no usable value was held for even a
/// millisecond of proven life, but usable samples are there, it is their plain mean and good_share
/// is 0.
std::vector<StatisticsBucket> compose(std::span<const Timestamp> edges,
                                      const std::optional<Bucket>& before,
                                      std::span<const Bucket> buckets, const AliveTimeline& alive);

}  // namespace wl::storage
