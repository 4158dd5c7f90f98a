#include "storage/spool/spool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"
#include "storage/spool/testing/crash_files.hpp"

namespace wl::storage::spool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SpoolTest : public testing::Test {
 protected:
  void open(SpoolOptions options = {}) {
    spool_.reset();
    auto spool = Spool::open(files_, options);
    ASSERT_TRUE(spool) << spool.error().what;
    spool_ = std::move(*spool);
  }

  /// One record a sync, so that each vouches for those before it.
  void put(std::uint64_t first, std::uint64_t last, std::size_t size = 100) {
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      ASSERT_TRUE(spool_->append(seq, std::string(size, 'x')));
      ASSERT_EQ(spool_->sync().value_or(0), seq);
    }
  }

  std::vector<std::uint64_t> read_all() {
    std::vector<std::uint64_t> seqs;
    for (std::size_t before = SIZE_MAX; before != seqs.size();) {
      before = seqs.size();
      const auto records = spool_->read(1 << 20);
      EXPECT_TRUE(records);
      for (const SpoolRecord& record : *records) seqs.push_back(record.seq);
    }
    return seqs;
  }

  std::string newest_segment() const {
    std::string newest;
    for (const auto& [name, content] : files_.content()) {
      if (segment_number(name)) newest = std::max(newest, name);
    }
    return newest;
  }

  static constexpr SpoolOptions small{.capacity_bytes = 64u << 10, .segment_bytes = 1000};

  CrashFiles files_{1};
  std::unique_ptr<Spool> spool_;
};

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

TEST_F(SpoolTest, a_decayed_record_that_others_vouch_for_is_told_as_lost) {
  open();
  put(1, 5);
  files_.flip(newest_segment(), header_bytes + 132 + 50);  // Inside record 2.

  open();
  const auto losses = spool_->take_losses();
  const auto damages = spool_->take_damages();

  EXPECT_THAT(read_all(), ElementsAre(1));
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].cause, SpoolLoss::Cause::damaged);
  EXPECT_EQ(losses[0].first_seq, 2u);
  EXPECT_EQ(losses[0].last_seq, 4u);  // Nobody vouches for the very last one.
  ASSERT_EQ(damages.size(), 1u);
  EXPECT_THAT(damages[0].what, HasSubstr("record 2 fails its check"));
  EXPECT_EQ(files_.content().at(damages[0].quarantined_as).size(), 4 * 132u);
  EXPECT_EQ(spool_->last_seq(), 5u);
}

TEST_F(SpoolTest, a_record_that_decays_in_a_complete_segment_is_found_when_it_is_read) {
  open(small);
  put(1, 40);
  files_.flip(segment_name(2), header_bytes + 50);
  open(small);
  EXPECT_THAT(spool_->take_losses(), IsEmpty());

  const auto seqs = read_all();

  const auto losses = spool_->take_losses();
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(seqs.size(), 40 - (losses[0].last_seq - losses[0].first_seq + 1));
  EXPECT_THAT(seqs, testing::Not(testing::Contains(losses[0].first_seq)));
  EXPECT_THAT(seqs, testing::Contains(losses[0].last_seq + 1));
  EXPECT_EQ(spool_->take_damages().size(), 1u);
}

TEST_F(SpoolTest, a_segment_that_was_taken_away_is_told) {
  open(small);
  put(1, 40);
  ASSERT_TRUE(files_.remove(segment_name(2)));

  open(small);

  const auto losses = spool_->take_losses();
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].cause, SpoolLoss::Cause::damaged);
  EXPECT_EQ(read_all().size(), 40 - (losses[0].last_seq - losses[0].first_seq + 1));
}

TEST_F(SpoolTest, a_damaged_header_puts_the_segment_aside_by_name) {
  open(small);
  put(1, 40);
  files_.flip(segment_name(2), 20);

  open(small);

  const auto damages = spool_->take_damages();
  ASSERT_EQ(damages.size(), 1u);
  EXPECT_EQ(damages[0].quarantined_as, "quarantine/00000002-1.wlspool-damaged");
  EXPECT_FALSE(files_.content().contains(segment_name(2)));
  EXPECT_EQ(spool_->take_losses().size(), 1u);
}

TEST_F(SpoolTest, a_segment_of_a_newer_version_is_refused_and_nothing_is_touched) {
  open();
  put(1, 2);
  spool_.reset();
  std::string newer = "WLSPOOL\n";
  newer += std::string("\x02\0\0\0", 4);
  const std::uint32_t check = crc32c(std::as_bytes(std::span(newer)));
  newer.append(reinterpret_cast<const char*>(&check), sizeof check);
  files_.put(segment_name(9), newer + "something else");
  const auto before = files_.content();

  const auto refused = Spool::open(files_, {});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::conflict);
  EXPECT_THAT(refused.error().what, HasSubstr("newer version"));
  EXPECT_EQ(files_.content(), before);
}

TEST_F(SpoolTest, files_of_somebody_else_stay_as_they_are) {
  files_.put("notes.txt", "mine");
  files_.put(segment_name(4), "also mine, whatever the name");
  open();
  put(1, 2);
  ASSERT_TRUE(spool_->release(2));
  open();

  EXPECT_EQ(files_.content().at("notes.txt"), "mine");
  EXPECT_EQ(files_.content().at(segment_name(4)), "also mine, whatever the name");
  EXPECT_THAT(spool_->take_damages()[0].what, HasSubstr("left as it is"));
}

TEST_F(SpoolTest, a_lost_mark_hands_everything_out_again_and_says_so) {
  open();
  put(1, 4);
  ASSERT_TRUE(spool_->release(2));
  ASSERT_TRUE(spool_->sync());
  ASSERT_TRUE(files_.remove(ReleaseMark::file));

  open();

  EXPECT_THAT(read_all(), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(spool_->take_damages()[0].what, HasSubstr(ReleaseMark::file));
  EXPECT_THAT(spool_->take_losses(), IsEmpty());
}

TEST_F(SpoolTest, an_unreadable_disk_is_waited_for_unless_the_caller_gives_up) {
  open(small);
  put(1, 40);
  files_.fail_at(1, CrashFiles::Lasts::until_healed);
  const auto refused = spool_->read(100);
  files_.heal();

  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_EQ(read_all().size(), 40u);
  EXPECT_THAT(spool_->take_losses(), IsEmpty());
}

TEST_F(SpoolTest, options_that_cannot_work_are_refused) {
  EXPECT_EQ(Spool::open(files_, {.capacity_bytes = 1000}).error().code, Errc::invalid_argument);
  EXPECT_EQ(Spool::open(files_, {.pending_bytes = 8}).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace wl::storage::spool
