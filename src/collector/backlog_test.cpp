#include "collector/backlog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

using testing::ElementsAre;

/// One batch of a second with 100 samples.
Record batch(std::uint64_t seq) {
  const auto from = static_cast<std::int64_t>(seq) * 1000;
  return {.seq = seq,
          .samples = std::vector<Sample>(100),
          .intervals = {alive(from, from + 1000)},
          .alarms = {},
          .alarm_journal = {}};
}

std::size_t room_for(std::size_t batches) {
  return batches * size_of(batch(0)) + 1000;
}

TEST(Backlog, gives_batches_out_in_order_and_one_at_a_time) {
  Backlog backlog(room_for(10));
  backlog.push(batch(1));
  backlog.push(batch(2));

  EXPECT_EQ(backlog.start_write()->seq, 1u);
  EXPECT_EQ(backlog.start_write(), nullptr);
  EXPECT_EQ(backlog.written(), 100u);
  EXPECT_EQ(backlog.start_write()->seq, 2u);
}

TEST(Backlog, a_failed_batch_comes_again) {
  Backlog backlog(room_for(10));
  backlog.push(batch(1));
  backlog.start_write();

  backlog.failed();

  EXPECT_EQ(backlog.start_write()->seq, 1u);
}

TEST(Backlog, at_the_limit_the_oldest_samples_become_a_gap) {
  Backlog backlog(room_for(2));
  backlog.push(batch(1));
  backlog.push(batch(2));
  backlog.push(batch(3));
  backlog.push(batch(4));

  EXPECT_EQ(backlog.dropped_samples(), 200u);
  EXPECT_LE(backlog.bytes(), room_for(2));
  const auto first = backlog.start_write();
  EXPECT_EQ(first->seq, 3u);
  EXPECT_EQ(first->samples.size(), 100u);
  EXPECT_THAT(first->intervals,
              ElementsAre(gap(1000, 3000, refused_too_long_cause), alive(3000, 4000)));
}

TEST(Backlog, the_batch_in_flight_is_never_dropped) {
  Backlog backlog(room_for(2));
  backlog.push(batch(1));
  const auto in_flight = backlog.start_write();
  backlog.push(batch(2));
  backlog.push(batch(3));
  backlog.push(batch(4));

  backlog.failed();

  EXPECT_EQ(backlog.start_write(), in_flight);
  EXPECT_EQ(backlog.dropped_samples(), 200u);
}

TEST(Backlog, a_gap_keeps_its_own_cause_when_its_batch_is_dropped) {
  Backlog backlog(room_for(1));
  Record lost = batch(1);
  lost.intervals = {gap(0, 1000, "link lost")};
  backlog.push(lost);

  backlog.push(batch(1));

  EXPECT_THAT(backlog.start_write()->intervals,
              ElementsAre(gap(0, 1000, "link lost"), alive(1000, 2000)));
}

TEST(Backlog, alarms_outlive_the_samples_of_their_record) {
  Backlog backlog(room_for(1));
  Record first = batch(1);
  first.alarms.resize(1);
  first.alarms[0].id = 7;
  backlog.push(first);

  backlog.push(batch(2));

  const auto left = backlog.start_write();
  ASSERT_EQ(left->alarms.size(), 1u);
  EXPECT_EQ(left->alarms[0].id, 7u);
}

TEST(Backlog, counts_its_bytes_down_to_nothing) {
  Backlog backlog(room_for(5));
  backlog.push(batch(1));
  backlog.start_write();

  backlog.written();

  EXPECT_EQ(backlog.bytes(), 0u);
  EXPECT_TRUE(backlog.empty());
}

}  // namespace
}  // namespace wl::collector
