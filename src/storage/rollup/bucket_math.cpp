#include "storage/rollup/bucket_math.hpp"

namespace wl::storage {
namespace {

void count_sample(Bucket& bucket, const Sample& sample) {
  ++bucket.count;
  bucket.last_time = sample.source_time;
  bucket.ends_usable = usable(sample);
  if (!bucket.ends_usable) return;
  const double value = sample.value;
  if (bucket.usable++ == 0) bucket.min = bucket.max = bucket.first = value;
  if (value < bucket.min) bucket.min = value;
  if (value > bucket.max) bucket.max = value;
  bucket.sum += value;
  bucket.last = value;
}

}  // namespace

Bucket first_bucket(Tier tier, const Sample& sample) {
  Bucket bucket;
  bucket.start = bucket_start(tier, sample.source_time);
  bucket.first_time = sample.source_time;
  count_sample(bucket, sample);
  return bucket;
}

void extend(Bucket& bucket, const Sample& sample, const AliveTimeline& alive) {
  if (bucket.ends_usable) {
    const std::int64_t held = alive.alive_ms(bucket.last_time, sample.source_time);
    bucket.integral += bucket.last * static_cast<double>(held);
    bucket.held_ms += held;
  }
  count_sample(bucket, sample);
}

std::vector<Bucket> build_buckets(Tier tier, std::span<const Sample> samples,
                                  const AliveTimeline& alive) {
  std::vector<Bucket> buckets;
  for (const Sample& sample : samples) {
    if (buckets.empty() || sample.source_time - buckets.back().start >= bucket_length(tier))
      buckets.push_back(first_bucket(tier, sample));
    else
      extend(buckets.back(), sample, alive);
  }
  return buckets;
}

}  // namespace wl::storage
