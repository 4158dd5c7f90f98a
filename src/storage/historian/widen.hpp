// Adding to a bucket of which the samples are gone.
#pragma once

#include "storage/rollup/alive_timeline.hpp"
#include "storage/rollup/bucket.hpp"

namespace wl::storage {

/// Adds what `late`, of the same start, says to `bucket`: counts and sums are added; min, max,
/// first and last are taken by size and time. The integral is exact when `late` lies wholly before
/// or after the samples of `bucket`; otherwise it stays, because the values between are not known.
void widen(Bucket& bucket, const Bucket& late, const AliveTimeline& alive);

}  // namespace wl::storage
