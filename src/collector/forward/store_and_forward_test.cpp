#include "collector/forward/store_and_forward.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/test_plant.hpp"
#include "storage/spool/testing/crash_files.hpp"

namespace wl::collector {
namespace {

using storage::spool::CrashFiles;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t run1 = first_seq_of_run(1);

Record record(std::uint64_t seq, std::int64_t ms) {
  Record made;
  made.seq = seq;
  made.samples = {{power, static_cast<double>(ms), quality::good, at(ms)}};
  made.intervals = {alive(ms, ms + 200)};
  return made;
}

class StoreAndForwardTest : public testing::Test {
 protected:
  StoreAndForwardTest() { start(); }

  void start() {
    forward_.reset();
    forward_ = StoreAndForward::open(files_, plant_, options_).value();
  }
  /// The actions after one turn at `ms`.
  ForwardActions turn(std::int64_t ms) {
    forward_->on_time(now(ms));
    return forward_->take_actions();
  }
  void database_is_there(std::int64_t ms) { forward_->on_database(std::nullopt, 0, now(ms)); }

  CrashFiles files_{1};
  Plant plant_ = test_plant();
  ForwardOptions options_;
  std::unique_ptr<StoreAndForward> forward_;
};

TEST_F(StoreAndForwardTest, a_record_is_durable_after_the_next_turn) {
  forward_->on_record(record(run1, 0));
  EXPECT_FALSE(forward_->settled());

  EXPECT_EQ(turn(10).durable, run1);

  EXPECT_TRUE(forward_->settled());
  EXPECT_FALSE(forward_->drained());
}

TEST_F(StoreAndForwardTest, records_of_an_interval_become_one_batch) {
  database_is_there(0);
  turn(0);
  forward_->on_record(record(run1, 0));
  forward_->on_record(record(run1 + 1, 200));
  EXPECT_EQ(turn(400).write, nullptr);

  const auto batch = turn(10'000).write;

  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->seq, run1 + 1);
  EXPECT_EQ(batch->samples.size(), 2u);
  EXPECT_THAT(batch->intervals, ElementsAre(alive(0, 400)));
  forward_->on_written(batch->seq, now(10'010));
  EXPECT_TRUE(forward_->drained());
}

TEST_F(StoreAndForwardTest, an_alarm_is_stored_within_a_second) {
  database_is_there(0);
  turn(0);
  Record raised = record(run1, 0);
  raised.alarms.resize(1);
  forward_->on_record(raised);

  EXPECT_EQ(turn(500).write, nullptr);
  EXPECT_TRUE(turn(1000).write);
}

TEST_F(StoreAndForwardTest, without_a_database_records_wait_on_the_disk_and_over_a_restart) {
  forward_->on_record(record(run1, 0));
  turn(10);
  start();
  EXPECT_EQ(forward_->covered_until(), at(200));
  EXPECT_EQ(forward_->last_seq(), run1);

  database_is_there(20);

  EXPECT_EQ(turn(20).write->samples.size(), 1u);
}

TEST_F(StoreAndForwardTest, a_failed_batch_comes_again_as_it_was) {
  database_is_there(0);
  forward_->on_record(record(run1, 0));
  const auto first = turn(0).write;
  forward_->on_record(record(run1 + 1, 200));

  forward_->on_failed(first->seq, "locked", now(100));

  EXPECT_EQ(forward_->figures().database_error, "locked");
  EXPECT_EQ(turn(1000).write, nullptr);
  EXPECT_EQ(turn(1100).write, first);
}

TEST_F(StoreAndForwardTest, what_the_database_has_already_is_not_sent_again) {
  forward_->on_record(record(run1, 0));
  forward_->on_record(record(run1 + 1, 200));
  turn(300);
  start();

  forward_->on_database(at(200), run1, now(0));

  const auto batch = turn(0).write;
  ASSERT_TRUE(batch);
  EXPECT_THAT(batch->samples, ElementsAre(Sample{power, 200, quality::good, at(200)}));
  EXPECT_THAT(batch->intervals, ElementsAre(alive(200, 400)));
}

TEST_F(StoreAndForwardTest, much_is_drained_without_waiting_for_the_next_interval) {
  options_.batch_samples = 1;
  start();
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Record large = record(run1 + i, static_cast<std::int64_t>(i) * 200);
    large.samples.resize(200);
    forward_->on_record(large);
  }
  turn(10);
  database_is_there(20);

  const auto first = turn(20).write;
  forward_->on_written(first->seq, now(30));
  const auto second = turn(30).write;

  ASSERT_TRUE(second);
  EXPECT_GT(second->seq, first->seq);
}

TEST_F(StoreAndForwardTest, nothing_is_durable_while_the_disk_refuses) {
  files_.fail_at(1, CrashFiles::Lasts::until_healed);
  forward_->on_record(record(run1, 0));

  const ForwardActions refused = turn(10);
  files_.heal();
  const ForwardActions healed = turn(2000);

  EXPECT_EQ(refused.durable, std::nullopt);
  ASSERT_EQ(refused.notices.size(), 1u);
  EXPECT_THAT(refused.notices[0], HasSubstr("nothing is acknowledged"));
  EXPECT_EQ(healed.durable, run1);
  EXPECT_EQ(forward_->figures().spool_error, "");
}

TEST_F(StoreAndForwardTest, a_full_spool_drops_the_oldest_and_says_so_in_the_database) {
  options_.spool.capacity_bytes = 64 << 10;
  start();
  for (std::uint64_t i = 0; i < 3000; ++i) {
    forward_->on_record(record(run1 + i, static_cast<std::int64_t>(i) * 200));
    turn(static_cast<std::int64_t>(i));
  }
  EXPECT_TRUE(forward_->figures().spool_full);

  forward_->on_database(at(0), 0, now(5000));
  const auto batch = turn(5000).write;

  ASSERT_TRUE(batch);
  EXPECT_THAT(batch->intervals.front().cause, HasSubstr("DATA_CACHE_SIZE"));
  EXPECT_EQ(batch->intervals.front().from, at(0));
  EXPECT_EQ(batch->intervals.back().to, at(600'000));
}

TEST_F(StoreAndForwardTest, records_keep_their_points_when_plant_json_was_edited) {
  forward_->on_record(record(run1, 0));
  Record other = record(run1 + 1, 200);
  other.samples[0].point = energy;
  forward_->on_record(other);
  turn(300);
  std::swap(plant_.points[power.value], plant_.points[state.value]);
  plant_.points.pop_back();
  start();
  database_is_there(0);

  const auto batch = turn(0).write;

  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->samples.size(), 1u);
  EXPECT_EQ(batch->samples[0].point, PointId{1});
  EXPECT_EQ(forward_->figures().samples_unknown, 1u);
}

TEST_F(StoreAndForwardTest, old_lists_of_points_go_when_nothing_needs_them) {
  plant_.points.pop_back();
  start();

  int lists = 0;
  for (const auto& [name, content] : files_.content()) lists += name.starts_with("points-") ? 1 : 0;
  EXPECT_EQ(lists, 1);
}

TEST_F(StoreAndForwardTest, a_stop_sends_what_is_there_at_once) {
  database_is_there(0);
  turn(0);
  forward_->on_record(record(run1, 0));

  forward_->on_stop(now(100));

  EXPECT_TRUE(forward_->take_actions().write);
}

}  // namespace
}  // namespace wl::collector
