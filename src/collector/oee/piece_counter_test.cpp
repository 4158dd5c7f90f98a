#include "collector/oee/piece_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::collector::oee {
namespace {

/// Ideal 36 s a piece, a reading each 40 s, all seen; what is counted in the end.
std::int64_t counted(std::vector<std::int64_t> values, PieceRules rules = {}) {
  ledger::AliveSpans alive(Milliseconds{3000});
  alive.add({Timestamp{}, Timestamp{std::chrono::hours{24}}});
  PieceCounter counter(rules, {});
  std::vector<PieceGroup> groups;
  Timestamp at{};
  for (const std::int64_t value : values)
    counter.read({at += std::chrono::seconds{40}, value}, alive, groups);
  std::int64_t sum = 0;
  for (const PieceGroup& group : groups) sum += group.pieces;
  return sum;
}

TEST(PieceCounter, a_rise_is_counted_and_the_first_reading_is_not) {
  EXPECT_EQ(counted({1000, 1001, 1001, 1004}), 4);
}

TEST(PieceCounter, a_reset_to_0_loses_nothing) {
  EXPECT_EQ(counted({1000, 1001, 0, 1, 2, 3}), 4);
}

TEST(PieceCounter, a_reset_counts_what_was_made_since) {
  EXPECT_EQ(counted({1000, 1001, 2, 3, 4, 5}), 6);
}

TEST(PieceCounter, a_misreading_is_neither_lost_nor_invented) {
  EXPECT_EQ(counted({1000, 0, 1001, 1002}), 2);
  EXPECT_EQ(counted({1000, 900'000, 1001, 1002}), 2);
}

TEST(PieceCounter, a_plc_that_comes_back_with_an_older_count_invents_nothing) {
  EXPECT_EQ(counted({1000, 1001, 1002, 1000, 1001}), 3);
}

TEST(PieceCounter, another_counter_counts_from_its_first_reading) {
  EXPECT_EQ(counted({1000, 1001, 500, 501, 502, 503}), 4);
  EXPECT_EQ(counted({1000, 1001, 700'000, 700'001, 700'002}), 3);
}

TEST(PieceCounter, it_rolls_over_at_its_modulus) {
  EXPECT_EQ(counted({65'534, 65'535, 0, 1}, {.modulus = 65'536}), 3);
  EXPECT_EQ(counted({4'294'967'295, 1}), 2);
}

TEST(PieceCounter, a_line_far_faster_than_its_ideal_is_still_counted) {
  EXPECT_EQ(counted({0, 9, 18, 27}), 27);
}

TEST(PieceCounter, pieces_behind_a_hole_say_where_it_began) {
  ledger::AliveSpans alive(Milliseconds{3000});
  alive.add({Timestamp{}, Timestamp{std::chrono::seconds{50}}});
  alive.add({Timestamp{std::chrono::seconds{90}}, Timestamp{std::chrono::seconds{200}}});
  PieceCounter counter({}, {});
  std::vector<PieceGroup> groups;
  counter.read({Timestamp{std::chrono::seconds{40}}, 5}, alive, groups);
  counter.pass(Timestamp{std::chrono::seconds{95}}, alive);
  EXPECT_FALSE(counter.settled());

  counter.read({Timestamp{std::chrono::seconds{100}}, 6}, alive, groups);

  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].hole, Timestamp{std::chrono::seconds{50}});
  EXPECT_TRUE(counter.settled());
}

}  // namespace
}  // namespace wl::collector::oee
