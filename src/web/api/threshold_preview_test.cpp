#include "web/api/threshold_preview.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::web {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

Timestamp minute(std::int64_t number) {
  return Timestamp{std::chrono::minutes{number}};
}

/// A minute for each value: its least and greatest at once; nothing is a gap.
std::vector<storage::StatisticsBucket> minutes_of(
    const std::vector<std::optional<double>>& values) {
  std::vector<storage::StatisticsBucket> buckets;
  for (const auto& value : values) {
    const auto number = static_cast<std::int64_t>(buckets.size());
    storage::StatisticsBucket bucket;
    bucket.from = minute(number);
    bucket.to = minute(number + 1);
    bucket.min = value;
    bucket.max = value;
    buckets.push_back(bucket);
  }
  return buckets;
}

ThresholdRow limit(double value, std::string direction = "high", double hysteresis = 0) {
  ThresholdRow row;
  row.threshold_value = value;
  row.direction = std::move(direction);
  row.hysteresis = hysteresis;
  return row;
}

TEST(Preview, minutes_in_a_row_above_the_limit_are_one_firing) {
  const FiringCount count = count_firings(minutes_of({1, 5, 6, 1, 5, 1}), limit(4));

  EXPECT_EQ(count.firings, 2u);
  EXPECT_EQ(count.minutes, 3u);
  EXPECT_EQ(count.minutes_with_values, 6u);
  EXPECT_THAT(count.newest,
              ElementsAre(Firing{minute(1), minute(3), 6}, Firing{minute(4), minute(5), 5}));
}

TEST(Preview, a_value_at_the_limit_has_not_passed_it) {
  EXPECT_EQ(count_firings(minutes_of({4, 4}), limit(4)).firings, 0u);
}

TEST(Preview, a_low_limit_looks_at_the_least_value) {
  const FiringCount count = count_firings(minutes_of({5, 2, 1, 5}), limit(3, "low"));

  EXPECT_THAT(count.newest, ElementsAre(Firing{minute(1), minute(3), 1}));
}

TEST(Preview, a_firing_goes_on_until_the_value_came_back_by_the_hysteresis) {
  const FiringCount count = count_firings(minutes_of({5, 3.5, 5, 3, 5}), limit(4, "high", 1));

  EXPECT_EQ(count.firings, 2u);
  EXPECT_EQ(count.minutes, 3u);
  EXPECT_THAT(count.newest.front(), (Firing{minute(0), minute(3), 5}));
}

TEST(Preview, a_minute_without_a_value_neither_begins_nor_ends_a_firing) {
  const FiringCount count = count_firings(minutes_of({5, std::nullopt, 5}), limit(4));

  EXPECT_EQ(count.firings, 1u);
  EXPECT_EQ(count.minutes_with_values, 2u);
}

TEST(Preview, of_many_firings_the_newest_are_told) {
  std::vector<std::optional<double>> values;
  for (int i = 0; i < 12; ++i) values.insert(values.end(), {1.0, 5.0 + i});

  const FiringCount count = count_firings(minutes_of(values), limit(4));

  EXPECT_EQ(count.firings, 12u);
  EXPECT_THAT(count.newest, SizeIs(10));
  EXPECT_EQ(count.newest.back().extreme, 16);
}

}  // namespace
}  // namespace wl::web
