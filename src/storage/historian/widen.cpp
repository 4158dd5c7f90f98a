#include "storage/historian/widen.hpp"

#include <algorithm>

namespace wl::storage {
namespace {

/// Adds what was held from the last sample of `earlier` to the first of `later`, and in `late`.
void join_integrals(Bucket& bucket, const Bucket& late, const AliveTimeline& alive) {
  const bool after = late.first_time > bucket.last_time;
  const bool before = late.last_time < bucket.first_time;
  if (!after && !before) return;
  const Bucket& earlier = after ? bucket : late;
  const Bucket& later = after ? late : bucket;
  const std::int64_t between =
      earlier.ends_usable ? alive.alive_ms(earlier.last_time, later.first_time) : 0;
  bucket.integral += late.integral + earlier.last * static_cast<double>(between);
  bucket.held_ms += late.held_ms + between;
}

void join_values(Bucket& bucket, const Bucket& late) {
  if (late.usable == 0) return;
  const bool alone = bucket.usable == 0;
  bucket.min = alone ? late.min : std::min(bucket.min, late.min);
  bucket.max = alone ? late.max : std::max(bucket.max, late.max);
  if (alone || late.first_time < bucket.first_time) bucket.first = late.first;
  if (alone || late.last_time >= bucket.last_time) bucket.last = late.last;
  bucket.sum += late.sum;
  bucket.usable += late.usable;
}

}  // namespace

void widen(Bucket& bucket, const Bucket& late, const AliveTimeline& alive) {
  join_integrals(bucket, late, alive);
  join_values(bucket, late);
  if (late.last_time >= bucket.last_time) bucket.ends_usable = late.ends_usable;
  bucket.count += late.count;
  bucket.first_time = std::min(bucket.first_time, late.first_time);
  bucket.last_time = std::max(bucket.last_time, late.last_time);
}

}  // namespace wl::storage
