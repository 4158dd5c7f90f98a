// Samples in, buckets out: sample and hold within one bucket, where life is proven.
//
// The same samples and the same proof of life give the same bits, whether a bucket grew sample by
// sample or was built at once: a recomputed bucket equals the one that it replaces.
//
// Pure functions: no I/O, no clock. Any thread may call them.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "model/sample.hpp"
#include "storage/rollup/alive_timeline.hpp"
#include "storage/rollup/bucket.hpp"

namespace wl::storage {

/// The quality is not bad and the value is a finite number: it may be summed, compared and held.
inline bool usable(const Sample& sample) {
  return !sample.quality.is_bad() && std::isfinite(sample.value);
}

/// The bucket that begins with this sample.
Bucket first_bucket(Tier tier, const Sample& sample);

/// Joins the next samples to their bucket. `alive` must know the life up to the last of them.
/// Precondition: ascending, later than bucket.last_time and inside the bucket.
void extend(Bucket& bucket, std::span<const Sample> samples, const AliveTimeline& alive);
inline void extend(Bucket& bucket, const Sample& sample, const AliveTimeline& alive) {
  extend(bucket, {&sample, 1}, alive);
}

/// Those at the front of ascending `samples` that are inside the bucket.
std::span<const Sample> inside(Tier tier, const Bucket& bucket, std::span<const Sample> samples);

/// Ascending samples of one point become ascending buckets; stretches without a sample have none.
std::vector<Bucket> build_buckets(Tier tier, std::span<const Sample> samples,
                                  const AliveTimeline& alive);

}  // namespace wl::storage
