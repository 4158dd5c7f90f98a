// Buckets of many shapes and the questions that tests, the fuzzer and the benchmark ask of the
// codec. Header only and without GoogleTest, so that all three share it.
#pragma once

#include <bit>
#include <random>
#include <vector>

#include "storage/chunk/testing/series.hpp"
#include "storage/rollup/bucket_codec.hpp"
#include "storage/rollup/bucket_math.hpp"

namespace wl::storage::testing {

/// Proven life over all that the series here have.
inline AliveTimeline always_alive() {
  AliveTimeline timeline;
  timeline.add({from_unix_ms(-4'000'000'000'000), from_unix_ms(8'000'000'000'000), true, ""});
  return timeline;
}

inline bool same_number(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// Equal in every bit: NaN and -0 too.
inline bool same_bucket(const Bucket& a, const Bucket& b) {
  return a.start == b.start && a.first_time == b.first_time && a.last_time == b.last_time &&
         a.count == b.count && a.usable == b.usable && a.ends_usable == b.ends_usable &&
         a.held_ms == b.held_ms && same_number(a.min, b.min) && same_number(a.max, b.max) &&
         same_number(a.sum, b.sum) && same_number(a.first, b.first) &&
         same_number(a.last, b.last) && same_number(a.integral, b.integral);
}

inline bool same_buckets(const std::vector<Bucket>& a, const std::vector<Bucket>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same_bucket(a[i], b[i])) return false;
  return true;
}

inline bool same_open(const OpenBuckets& a, const OpenBuckets& b) {
  for (std::size_t i = 0; i < a.of_tier.size(); ++i) {
    if (a.of_tier[i].has_value() != b.of_tier[i].has_value()) return false;
    if (a.of_tier[i] && !same_bucket(*a.of_tier[i], *b.of_tier[i])) return false;
  }
  return true;
}

/// Encoded and decoded again; empty after an error.
inline std::vector<Bucket> coded_back(Tier tier, const std::vector<Bucket>& buckets) {
  return decode_buckets(tier, encode_buckets(tier, buckets)).value_or(std::vector<Bucket>{});
}

/// The buckets of `samples` that lie in the first block.
inline std::vector<Bucket> block_of(Tier tier, const std::vector<Sample>& samples) {
  std::vector<Bucket> buckets = build_buckets(tier, samples, always_alive());
  const Timestamp block = block_start(tier, buckets.front().start);
  std::erase_if(buckets,
                [&](const Bucket& bucket) { return block_start(tier, bucket.start) != block; });
  return buckets;
}

/// Source times as a scan of 100 ms gives them: each a few ms off.
inline std::vector<Sample> with_jitter(std::vector<Sample> samples, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (Sample& sample : samples)
    sample.source_time += Milliseconds{412 + static_cast<std::int64_t>(random() % 7)};
  return samples;
}

/// Changes at `gap_s` seconds on average, at any millisecond; nothing but them is stored.
inline std::vector<Sample> rare_changes(std::size_t count, double gap_s, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> gap(1 / (gap_s * 1000));
  std::vector<Sample> samples = constant(count, 0);
  std::int64_t time = an_hour;
  for (Sample& sample : samples) {
    sample.source_time = from_unix_ms(time += 1 + static_cast<std::int64_t>(gap(random)));
    sample.value = static_cast<double>(random() % 4);
  }
  return samples;
}

/// Fields of any bits, within what `plausible` asks.
inline Bucket any_bucket(Tier tier, Timestamp start, std::mt19937_64& random) {
  const auto length = static_cast<std::uint64_t>(bucket_length(tier).count());
  const std::uint64_t head = random() % length;
  const std::uint64_t span = random() % (length - head);
  Bucket bucket;
  bucket.start = start;
  bucket.first_time = start + Milliseconds{static_cast<std::int64_t>(head)};
  bucket.last_time = bucket.first_time + Milliseconds{static_cast<std::int64_t>(span)};
  bucket.count = static_cast<std::uint32_t>(random() >> (32 + random() % 32));
  bucket.count += bucket.count == 0 ? 1 : 0;
  bucket.usable = static_cast<std::uint32_t>(random() % (std::uint64_t{bucket.count} + 1));
  bucket.ends_usable = bucket.usable > 0 && random() % 2 == 0;
  bucket.held_ms = static_cast<std::int64_t>(random() % (span + 1));
  for (double* field :
       {&bucket.min, &bucket.max, &bucket.sum, &bucket.first, &bucket.last, &bucket.integral})
    *field = std::bit_cast<double>(random());
  return bucket;
}

}  // namespace wl::storage::testing
