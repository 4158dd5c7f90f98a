#include "opcua/history_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::opcua {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using SteadyTime = HistoryRing::SteadyTime;

constexpr HistoryLimits roomy{1 << 20, Milliseconds{600'000}};
const SteadyTime start{seconds{1'000}};

Timestamp at(std::int64_t second) {
  return from_unix_ms(1'763'820'000'000 + second * 1'000);
}

DataValue value(std::uint64_t number, std::int64_t second) {
  return {number, quality::good, at(second)};
}

/// Numbers 1 to `last`, one a second.
HistoryRing filled(std::uint64_t last, HistoryLimits limits = roomy) {
  HistoryRing ring(2, limits);
  for (std::uint64_t i = 1; i <= last; ++i) {
    const auto second = static_cast<std::int64_t>(i);
    ring.add(0, value(i, second), start + seconds{second});
  }
  return ring;
}

std::vector<std::uint64_t> numbers(const std::optional<HistoryPage>& page) {
  std::vector<std::uint64_t> all;
  for (const DataValue& each : page.value().values) {
    all.push_back(std::get<std::uint64_t>(each.value));
  }
  return all;
}

TEST(HistoryRing, a_range_is_closed_at_its_beginning_and_open_at_its_end) {
  const auto ring = filled(5);

  EXPECT_THAT(numbers(ring.read(0, {at(2), at(4)})), ElementsAre(2u, 3u));
}

TEST(HistoryRing, without_an_end_it_gives_all_that_follows) {
  const auto ring = filled(5);

  EXPECT_THAT(numbers(ring.read(0, {at(4), std::nullopt})), ElementsAre(4u, 5u));
}

TEST(HistoryRing, bounds_are_the_values_around_the_range) {
  const auto ring = filled(5);

  const auto page = ring.read(0, {at(2) + Milliseconds{1}, at(4) - Milliseconds{1}, true});

  EXPECT_THAT(numbers(page), ElementsAre(2u, 3u, 4u));
  EXPECT_FALSE(page->lacks_first_bound);
  EXPECT_FALSE(page->lacks_last_bound);
}

TEST(HistoryRing, what_is_older_than_the_memory_lacks_its_bound) {
  const auto ring = filled(5);

  const auto page = ring.read(0, {at(0), at(9), true});

  EXPECT_TRUE(page->lacks_first_bound);
  EXPECT_TRUE(page->lacks_last_bound);
}

TEST(HistoryRing, pages_follow_each_other_without_hole_or_repetition) {
  const auto ring = filled(5);
  const HistoryQuery query{at(1), std::nullopt, true, 2};

  const auto first = ring.read(0, query);
  const auto second = ring.read(0, query, first->next);
  const auto third = ring.read(0, query, second->next);

  EXPECT_THAT(numbers(first), ElementsAre(1u, 2u));
  EXPECT_THAT(numbers(second), ElementsAre(3u, 4u));
  EXPECT_THAT(numbers(third), ElementsAre(5u));
  EXPECT_EQ(third->next, std::nullopt);
}

TEST(HistoryRing, a_page_has_a_limit_of_bytes_too) {
  const auto ring = filled(5);

  const auto page = ring.read(0, {at(1), std::nullopt, true, 1'000, 100});

  EXPECT_THAT(numbers(page), ElementsAre(1u, 2u));
  EXPECT_TRUE(page->next);
}

TEST(HistoryRing, a_page_that_was_forgotten_meanwhile_is_not_skipped_in_silence) {
  auto ring = filled(5, {1 << 20, Milliseconds{10'000}});
  const HistoryQuery query{at(1), std::nullopt, true, 2};
  const auto first = ring.read(0, query);

  ring.add(0, value(99, 99), start + seconds{99});

  EXPECT_EQ(ring.read(0, query, first->next), std::nullopt);
}

TEST(HistoryRing, values_beyond_the_age_are_forgotten) {
  auto ring = filled(5, {1 << 20, Milliseconds{3'000}});

  ring.add(0, value(6, 6), start + seconds{6});

  EXPECT_THAT(numbers(ring.read(0, {at(0), std::nullopt})), ElementsAre(3u, 4u, 5u, 6u));
  EXPECT_EQ(ring.cut(), 0u);
}

TEST(HistoryRing, the_newest_value_of_a_steady_variable_stays) {
  HistoryRing ring(2, {1 << 20, Milliseconds{3'000}});
  ring.add(1, value(7, 1), start);
  ring.add(0, value(1, 100), start + seconds{100});

  const auto page = ring.read(1, {at(90), std::nullopt, true});

  EXPECT_THAT(numbers(page), ElementsAre(7u));
  EXPECT_FALSE(page->lacks_first_bound);
}

TEST(HistoryRing, a_value_that_stayed_is_forgotten_after_the_next_ones_time) {
  HistoryRing ring(2, {1 << 20, Milliseconds{3'000}});
  ring.add(1, value(7, 1), start);
  ring.add(1, value(8, 50), start + seconds{50});
  EXPECT_THAT(numbers(ring.read(1, {at(0), std::nullopt})), ElementsAre(7u, 8u));

  ring.add(1, value(9, 100), start + seconds{100});

  EXPECT_THAT(numbers(ring.read(1, {at(0), std::nullopt})), ElementsAre(8u, 9u));
}

TEST(HistoryRing, at_the_limit_the_oldest_of_all_variables_goes_and_is_counted) {
  HistoryRing ring(2, {400, Milliseconds{600'000}});
  ring.add(0, value(1, 1), start);
  ring.add(0, value(2, 2), start);
  for (std::uint64_t i = 0; i < 50; ++i) {
    ring.add(1, value(i, static_cast<std::int64_t>(10 + i)), start);
  }

  EXPECT_LE(ring.bytes(), 400u);
  EXPECT_GT(ring.cut(), 40u);
  EXPECT_THAT(numbers(ring.read(0, {at(0), std::nullopt})), ElementsAre(2u));
}

TEST(HistoryRing, text_counts_with_its_length) {
  HistoryRing ring(1, roomy);
  ring.add(0, {std::string(10'000, 'x'), quality::good, at(1)}, start);

  EXPECT_GT(ring.bytes(), 10'000u);
}

TEST(HistoryRing, a_late_value_is_put_where_its_source_time_belongs) {
  auto ring = filled(3);

  ring.add(0, value(99, 2), start + seconds{9});

  EXPECT_THAT(numbers(ring.read(0, {at(0), std::nullopt})), ElementsAre(1u, 2u, 99u, 3u));
}

TEST(HistoryRing, without_room_there_is_no_history) {
  const auto ring = filled(3, {0, Milliseconds{600'000}});

  EXPECT_THAT(numbers(ring.read(0, {at(0), std::nullopt})), IsEmpty());
}

}  // namespace
}  // namespace wl::opcua
