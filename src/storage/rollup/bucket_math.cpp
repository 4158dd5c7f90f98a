#include "storage/rollup/bucket_math.hpp"

#include <algorithm>

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

void extend(Bucket& bucket, std::span<const Sample> samples, const AliveTimeline& alive) {
  if (samples.empty()) return;
  const Timestamp end = samples.back().source_time;
  const bool all_alive = alive.alive_ms(bucket.last_time, end) == (end - bucket.last_time).count();
  Bucket grown = bucket;  // Of this function alone: it stays in registers.
  for (const Sample& sample : samples) {
    if (grown.ends_usable) {
      const std::int64_t held = all_alive ? (sample.source_time - grown.last_time).count()
                                          : alive.alive_ms(grown.last_time, sample.source_time);
      grown.integral += grown.last * static_cast<double>(held);
      grown.held_ms += held;
    }
    count_sample(grown, sample);
  }
  bucket = grown;
}

std::span<const Sample> inside(Tier tier, const Bucket& bucket, std::span<const Sample> samples) {
  const Timestamp end = bucket.start + bucket_length(tier);
  if (samples.empty() || samples.back().source_time < end) return samples;
  const auto behind = std::ranges::lower_bound(samples, end, {}, &Sample::source_time);
  return samples.first(static_cast<std::size_t>(behind - samples.begin()));
}

std::vector<Bucket> build_buckets(Tier tier, std::span<const Sample> samples,
                                  const AliveTimeline& alive) {
  std::vector<Bucket> buckets;
  while (!samples.empty()) {
    Bucket& bucket = buckets.emplace_back(first_bucket(tier, samples.front()));
    const auto all = inside(tier, bucket, samples);
    extend(bucket, all.subspan(1), alive);
    samples = samples.subspan(all.size());
  }
  return buckets;
}

}  // namespace wl::storage
