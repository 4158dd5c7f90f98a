#include "storage/rollup/compose.hpp"

#include "storage/rollup/bucket_math.hpp"

namespace wl::storage {
namespace {

constexpr std::int64_t midnight = 1'763'078'400'000;  // 2025-11-14T00:00:00Z.
constexpr std::int64_t minute = 60'000;

Timestamp at(std::int64_t ms) {
  return from_unix_ms(midnight + ms);
}

Sample good(std::int64_t ms, double value) {
  return {PointId{1}, value, quality::good, at(ms)};
}

Sample bad(std::int64_t ms) {
  return {PointId{1}, 0, quality::bad, at(ms)};
}

AliveTimeline alive(std::int64_t from, std::int64_t to) {
  AliveTimeline timeline;
  timeline.add({at(from), at(to), true, ""});
  return timeline;
}

/// Minutes [0, count) of the answer, from minutes of the tier; the first of these is `before` when
/// it starts earlier.
std::vector<StatisticsBucket> minutes(int count, const std::vector<Sample>& samples,
                                      const AliveTimeline& timeline) {
  std::vector<Timestamp> edges;
  for (int i = 0; i <= count; ++i) edges.push_back(at(i * minute));
  const std::vector<Bucket> buckets = build_buckets(Tier::minute, samples, timeline);
  const bool held = !buckets.empty() && buckets.front().start < edges.front();
  return compose(edges, held ? std::optional(buckets.front()) : std::nullopt, buckets, timeline);
}

TEST(Compose, a_bucket_is_filled_with_the_value_that_is_held_into_it) {
  const auto answer = minutes(1, {good(-5000, 2), good(15'000, 6)}, alive(-minute, minute));

  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(answer[0].count, 1u);
  EXPECT_EQ(answer[0].sum, 6);
  EXPECT_EQ(answer[0].min, 2);
  EXPECT_EQ(answer[0].max, 6);
  EXPECT_EQ(answer[0].first, 2);
  EXPECT_EQ(answer[0].last, 6);
  EXPECT_EQ(answer[0].mean, (2 * 15 + 6 * 45) / 60.0);
  EXPECT_EQ(answer[0].good_share, 1);
}

TEST(Compose, an_empty_bucket_with_proven_life_has_the_held_value) {
  const auto answer = minutes(3, {good(-5000, 2.5)}, alive(-minute, 3 * minute));

  EXPECT_EQ(answer[2].count, 0u);
  EXPECT_EQ(answer[2].min, 2.5);
  EXPECT_EQ(answer[2].max, 2.5);
  EXPECT_EQ(answer[2].mean, 2.5);
  EXPECT_EQ(answer[2].first, 2.5);
  EXPECT_EQ(answer[2].last, 2.5);
  EXPECT_EQ(answer[2].good_share, 1);
}

TEST(Compose, a_gap_has_no_statistics_and_the_share_counts_the_whole_bucket) {
  AliveTimeline timeline = alive(-minute, 15'000);
  timeline.add({at(2 * minute + 30'000), at(3 * minute), true, ""});

  const auto answer = minutes(3, {good(-1, 4)}, timeline);

  EXPECT_EQ(answer[0].good_share, 0.25);
  EXPECT_FALSE(answer[1].mean.has_value());
  EXPECT_FALSE(answer[1].min.has_value());
  EXPECT_FALSE(answer[1].first.has_value());
  EXPECT_EQ(answer[1].good_share, 0);
  EXPECT_EQ(answer[2].mean, 4);
  EXPECT_EQ(answer[2].good_share, 0.5);
}

TEST(Compose, nothing_is_held_after_a_bad_sample) {
  const auto answer = minutes(2, {good(0, 4), bad(30'000)}, alive(0, 2 * minute));

  EXPECT_EQ(answer[0].count, 2u);
  EXPECT_EQ(answer[0].usable, 1u);
  EXPECT_EQ(answer[0].mean, 4);
  EXPECT_EQ(answer[0].good_share, 0.5);
  EXPECT_EQ(answer[0].last, 4);
  EXPECT_FALSE(answer[1].mean.has_value());
  EXPECT_EQ(answer[1].count, 0u);
}

TEST(Compose, a_counter_grows_from_first_to_last_by_all_that_was_counted) {
  const auto answer = minutes(2, {good(-10, 100), good(30'000, 101), good(minute + 5, 103)},
                              alive(-minute, 2 * minute));

  EXPECT_EQ(*answer[0].last - *answer[0].first, 1);
  EXPECT_EQ(*answer[1].last - *answer[1].first, 2);
}

TEST(Compose, a_sample_at_the_very_start_leaves_nothing_of_the_value_before) {
  const auto answer = minutes(1, {good(-10, 100), good(0, 3)}, alive(-minute, minute));

  EXPECT_EQ(answer[0].max, 3);
  EXPECT_EQ(answer[0].first, 3);
}

TEST(Compose, samples_without_proven_life_have_their_plain_mean) {
  const auto answer = minutes(1, {good(0, 2), good(1000, 3)}, AliveTimeline());

  EXPECT_EQ(answer[0].mean, 2.5);
  EXPECT_EQ(answer[0].good_share, 0);
}

TEST(Compose, several_buckets_of_a_tier_become_one) {
  const AliveTimeline timeline = alive(0, 60 * minute);
  const std::vector<Bucket> buckets = build_buckets(
      Tier::minute, std::vector{good(0, 1), good(5 * minute + 1, 9), bad(40 * minute)}, timeline);
  const std::vector edges{at(0), at(60 * minute)};

  const auto answer = compose(edges, std::nullopt, buckets, timeline);

  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(answer[0].count, 3u);
  EXPECT_DOUBLE_EQ(*answer[0].mean, (1.0 * 300'001 + 9.0 * (2'400'000 - 300'001)) / 2'400'000);
  EXPECT_DOUBLE_EQ(answer[0].good_share, 40.0 / 60);
}

TEST(Compose, the_mean_never_leaves_the_range_by_rounding) {
  const auto answer = minutes(1, {good(-1, 0.1), good(20'001, 0.1)}, alive(-minute, minute));

  EXPECT_EQ(answer[0].mean, 0.1);
}

TEST(Compose, buckets_outside_of_the_edges_are_ignored) {
  const auto answer = minutes(1, {good(-1, 1), good(5, 2), good(minute, 50)}, alive(0, minute));

  EXPECT_EQ(answer[0].max, 2);
  EXPECT_EQ(answer[0].count, 1u);
}

TEST(Compose, fewer_than_two_edges_have_no_bucket) {
  EXPECT_TRUE(compose({}, std::nullopt, {}, AliveTimeline()).empty());
  EXPECT_TRUE(compose(std::vector{at(0)}, std::nullopt, {}, AliveTimeline()).empty());
}

}  // namespace
}  // namespace wl::storage
