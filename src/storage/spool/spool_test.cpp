#include "storage/spool/spool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/spool/testing/spool_fixture.hpp"

namespace wl::storage::spool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(SpoolTest, records_come_back_in_order_with_their_bytes) {
  open();
  ASSERT_TRUE(spool_->append(3, "three"));
  ASSERT_TRUE(spool_->append(7, "seven"));
  ASSERT_EQ(spool_->sync().value_or(0), 7u);

  const auto records = spool_->read(1 << 20);

  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[0].seq, 3u);
  EXPECT_EQ((*records)[1].bytes, "seven");
}

TEST_F(SpoolTest, what_is_not_synced_is_not_read) {
  open();
  ASSERT_TRUE(spool_->append(1, "one"));

  EXPECT_THAT(read_all(), IsEmpty());
}

TEST_F(SpoolTest, a_record_must_follow_the_last_one_and_have_a_possible_size) {
  open(small);
  ASSERT_TRUE(spool_->append(5, "five"));

  EXPECT_EQ(spool_->append(5, "again").error().code, Errc::invalid_argument);
  EXPECT_EQ(spool_->append(6, "").error().code, Errc::invalid_argument);
  EXPECT_EQ(spool_->append(6, std::string(8192, 'x')).error().code, Errc::invalid_argument);
}

TEST_F(SpoolTest, more_than_may_wait_for_the_disk_is_refused) {
  open(small);
  ASSERT_TRUE(spool_->append(1, std::string(8000, 'x')));

  const auto refused = spool_->append(2, std::string(300, 'x'));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_EQ(spool_->last_seq(), 1u);
}

TEST_F(SpoolTest, a_restart_goes_on_after_the_last_durable_record) {
  open();
  put(1, 3);
  ASSERT_TRUE(spool_->append(4, "not synced"));

  open();

  EXPECT_EQ(spool_->last_seq(), 3u);
  EXPECT_THAT(read_all(), ElementsAre(1, 2, 3));
}

TEST_F(SpoolTest, what_is_released_is_not_read_after_a_restart) {
  open();
  put(1, 5);
  ASSERT_TRUE(spool_->release(3));
  ASSERT_TRUE(spool_->sync());

  open();

  EXPECT_THAT(read_all(), ElementsAre(4, 5));
}

TEST_F(SpoolTest, segments_are_removed_when_all_of_them_is_released) {
  open(small);
  put(1, 40);
  const std::size_t before = spool_->state().segments;

  ASSERT_TRUE(spool_->release(40));

  EXPECT_GT(before, 5u);
  EXPECT_EQ(spool_->state().segments, 1u);
}

TEST_F(SpoolTest, a_rewind_reads_again_what_is_not_released) {
  open();
  put(1, 4);
  ASSERT_THAT(read_all(), ElementsAre(1, 2, 3, 4));
  ASSERT_TRUE(spool_->release(2));

  spool_->rewind();

  EXPECT_THAT(read_all(), ElementsAre(3, 4));
}

TEST_F(SpoolTest, what_is_not_durable_cannot_be_released) {
  open();
  put(1, 1);

  EXPECT_EQ(spool_->release(2).error().code, Errc::invalid_argument);
}

TEST_F(SpoolTest, a_full_spool_drops_the_oldest_and_tells_which) {
  open(small);
  put(1, 100, 1000);

  const auto losses = spool_->take_losses();

  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].cause, SpoolLoss::Cause::full);
  EXPECT_EQ(losses[0].first_seq, 1u);
  EXPECT_EQ(read_all().front(), losses[0].last_seq + 1);
  EXPECT_LE(spool_->state().bytes, small.capacity_bytes);
  EXPECT_EQ(spool_->state().lost_seqs, losses[0].last_seq);
}

TEST_F(SpoolTest, what_was_dropped_is_told_again_until_a_later_record_is_released) {
  open(small);
  put(1, 100, 1000);
  const auto told = spool_->take_losses();

  open(small);
  const auto again = spool_->take_losses();
  ASSERT_TRUE(spool_->release(told[0].last_seq + 1));
  ASSERT_TRUE(spool_->sync());
  open(small);

  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].cause, SpoolLoss::Cause::full);
  EXPECT_EQ(again[0].last_seq, told[0].last_seq);
  EXPECT_THAT(spool_->take_losses(), IsEmpty());
}

TEST_F(SpoolTest, a_full_disk_is_told_and_the_records_are_written_when_there_is_space) {
  open();
  put(1, 2);
  files_.set_space(300);
  ASSERT_TRUE(spool_->append(3, std::string(500, 'x')));

  const auto refused = spool_->sync();
  files_.heal();
  const auto done = spool_->sync();
  open();

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("full"));
  EXPECT_EQ(done.value_or(0), 3u);
  EXPECT_THAT(read_all(), ElementsAre(1, 2, 3));
  EXPECT_THAT(spool_->take_losses(), IsEmpty());
}

TEST_F(SpoolTest, a_full_disk_refuses_to_open_unless_the_caller_wants_to_drain) {
  open();
  put(1, 5);
  spool_.reset();
  files_.set_space(100);

  const auto refused = Spool::open(files_, {});
  open({.unreadable = Unreadable::skip});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_THAT(refused.error().what, HasSubstr("full"));
  EXPECT_THAT(read_all(), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(SpoolTest, what_was_written_again_into_a_later_segment_counts_there) {
  std::string failed = encode_header({.number = 1, .after_seq = 0});
  append_record(failed, {.seq = 1}, "one", 1);
  append_record(failed, {.seq = 2, .durable_seq = 1}, "two, refused by the disk", 1);
  std::string again = encode_header({.number = 2, .after_seq = 1});
  append_record(again, {.seq = 2, .durable_seq = 1}, "two", 2);
  files_.put(segment_name(1), failed);
  files_.put(segment_name(2), again);
  files_.put(ReleaseMark::file, encode_mark({}));

  open();
  const auto records = spool_->read(1 << 20);

  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[1].bytes, "two");
  EXPECT_THAT(spool_->take_damages(), IsEmpty());
  EXPECT_THAT(spool_->take_losses(), IsEmpty());
}

TEST_F(SpoolTest, options_that_cannot_work_are_refused) {
  EXPECT_EQ(Spool::open(files_, {.capacity_bytes = 1000}).error().code, Errc::invalid_argument);
  EXPECT_EQ(Spool::open(files_, {.pending_bytes = 8}).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace wl::storage::spool
