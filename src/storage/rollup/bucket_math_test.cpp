#include "storage/rollup/bucket_math.hpp"

#include <limits>

namespace wl::storage {
namespace {

constexpr std::int64_t noon = 1'763'078'400'000;  // 2025-11-14T00:00:00Z.

Timestamp at(std::int64_t ms) {
  return from_unix_ms(noon + ms);
}

Sample good(std::int64_t ms, double value) {
  return {PointId{1}, value, quality::good, at(ms)};
}

Sample bad(std::int64_t ms, double value = 1e9) {
  return {PointId{1}, value, quality::bad, at(ms)};
}

LinkInterval alive(std::int64_t from, std::int64_t to) {
  return {at(from), at(to), true, ""};
}

AliveTimeline always() {
  AliveTimeline timeline;
  timeline.add(alive(-100'000'000, 100'000'000));
  return timeline;
}

TEST(AliveTimeline, joins_spans_that_touch_or_overlap_in_any_order) {
  const std::vector<LinkInterval> parts{alive(50, 60), alive(0, 10),  alive(20, 30),
                                        alive(10, 20), alive(25, 52), alive(80, 90)};

  const AliveTimeline timeline(parts);

  EXPECT_EQ(timeline.alive_ms(at(0), at(60)), 60);
  EXPECT_EQ(timeline.alive_ms(at(-5), at(100)), 70);
  EXPECT_EQ(timeline.alive_ms(at(55), at(85)), 10);
}

TEST(AliveTimeline, a_gap_and_what_was_never_said_are_not_alive) {
  AliveTimeline timeline;
  timeline.add({at(0), at(100), false, "link lost"});
  timeline.add(alive(100, 200));

  EXPECT_EQ(timeline.alive_ms(at(0), at(100)), 0);
  EXPECT_EQ(timeline.alive_ms(at(50), at(150)), 50);
  EXPECT_EQ(timeline.alive_ms(at(300), at(400)), 0);
  EXPECT_EQ(AliveTimeline().alive_ms(at(0), at(1)), 0);
}

TEST(AliveTimeline, turned_round_times_have_no_life_between_them) {
  EXPECT_EQ(always().alive_ms(at(10), at(5)), 0);
  EXPECT_EQ(always().alive_ms(at(5), at(5)), 0);
}

TEST(AliveTimeline, forgets_whole_spans_only) {
  AliveTimeline timeline;
  timeline.add(alive(0, 10));
  timeline.add(alive(20, 30));

  timeline.forget_before(at(25));

  EXPECT_EQ(timeline.alive_ms(at(0), at(100)), 10);
}

TEST(BucketMath, a_bad_sample_and_a_value_that_is_no_number_are_not_usable) {
  EXPECT_TRUE(usable(good(0, -3)));
  EXPECT_TRUE(usable({PointId{1}, 1, quality::uncertain_last_usable, at(0)}));
  EXPECT_FALSE(usable(bad(0)));
  EXPECT_FALSE(usable(good(0, std::numeric_limits<double>::quiet_NaN())));
  EXPECT_FALSE(usable(good(0, -std::numeric_limits<double>::infinity())));
}

TEST(BucketMath, the_first_sample_starts_its_bucket) {
  const Bucket bucket = first_bucket(Tier::quarter, good(16 * 60'000 + 7, 2.5));

  EXPECT_EQ(bucket, (Bucket{.start = at(15 * 60'000),
                            .first_time = at(16 * 60'000 + 7),
                            .last_time = at(16 * 60'000 + 7),
                            .count = 1,
                            .usable = 1,
                            .ends_usable = true,
                            .min = 2.5,
                            .max = 2.5,
                            .sum = 2.5,
                            .first = 2.5,
                            .last = 2.5}));
}

TEST(BucketMath, a_value_is_held_until_the_next_sample) {
  Bucket bucket = first_bucket(Tier::minute, good(1000, 2));

  extend(bucket, good(4000, 5), always());
  extend(bucket, good(5000, 1), always());

  EXPECT_EQ(bucket.integral, 2 * 3000 + 5 * 1000);
  EXPECT_EQ(bucket.held_ms, 4000);
  EXPECT_EQ(bucket.min, 1);
  EXPECT_EQ(bucket.max, 5);
  EXPECT_EQ(bucket.sum, 8);
  EXPECT_EQ(bucket.last, 1);
}

TEST(BucketMath, a_value_counts_only_while_life_is_proven) {
  AliveTimeline timeline;
  timeline.add(alive(0, 2000));
  timeline.add(alive(9000, 60'000));
  Bucket bucket = first_bucket(Tier::minute, good(1000, 3));

  extend(bucket, good(10'000, 4), timeline);

  EXPECT_EQ(bucket.held_ms, 2000);
  EXPECT_EQ(bucket.integral, 3 * 2000);
}

TEST(BucketMath, a_bad_sample_is_counted_and_ends_what_was_held) {
  Bucket bucket = first_bucket(Tier::minute, good(1000, 3));

  extend(bucket, bad(2000), always());
  const Bucket broken = bucket;
  extend(bucket, good(9000, 7), always());

  EXPECT_FALSE(broken.ends_usable);
  EXPECT_EQ(bucket.count, 3u);
  EXPECT_EQ(bucket.usable, 2u);
  EXPECT_EQ(bucket.max, 7);
  EXPECT_EQ(bucket.held_ms, 1000);
  EXPECT_EQ(bucket.integral, 3 * 1000);
}

TEST(BucketMath, a_bucket_of_bad_samples_has_zeros_for_numbers) {
  const Bucket bucket = first_bucket(Tier::minute, bad(5));

  EXPECT_EQ(bucket.count, 1u);
  EXPECT_EQ(bucket.usable, 0u);
  EXPECT_EQ(bucket.max, 0);
  EXPECT_FALSE(bucket.ends_usable);
}

TEST(BucketMath, samples_fall_into_the_buckets_of_their_times) {
  const std::vector<Sample> samples{good(-1, 1), good(0, 2), good(59'999, 3), good(60'000, 4),
                                    good(300'000, 5)};

  const std::vector<Bucket> buckets = build_buckets(Tier::minute, samples, always());

  ASSERT_EQ(buckets.size(), 4u);
  EXPECT_EQ(buckets[0].start, at(-60'000));
  EXPECT_EQ(buckets[1].integral, 2 * 59'999);
  EXPECT_EQ(buckets[2].start, at(60'000));
  EXPECT_EQ(buckets[3].start, at(300'000));
}

TEST(BucketMath, buckets_before_1970_start_at_whole_minutes_too) {
  const Sample sample{PointId{1}, 1, quality::good, from_unix_ms(-1)};

  EXPECT_EQ(first_bucket(Tier::minute, sample).start, from_unix_ms(-60'000));
}

}  // namespace
}  // namespace wl::storage
