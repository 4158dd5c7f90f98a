// Bytes and files that are not what the spool left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"
#include "storage/spool/testing/spool_fixture.hpp"

namespace wl::storage::spool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using SpoolDamageTest = SpoolTest;

TEST_F(SpoolDamageTest, a_decayed_record_that_others_vouch_for_is_told_as_lost) {
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

TEST_F(SpoolDamageTest, a_record_that_decays_in_a_complete_segment_is_found_when_it_is_read) {
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

TEST_F(SpoolDamageTest, a_segment_that_was_taken_away_is_told) {
  open(small);
  put(1, 40);
  ASSERT_TRUE(files_.remove(segment_name(2)));

  open(small);

  const auto losses = spool_->take_losses();
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].cause, SpoolLoss::Cause::damaged);
  EXPECT_EQ(read_all().size(), 40 - (losses[0].last_seq - losses[0].first_seq + 1));
}

TEST_F(SpoolDamageTest, a_damaged_header_puts_the_segment_aside_by_name) {
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

TEST_F(SpoolDamageTest, a_segment_of_a_newer_version_is_refused_and_nothing_is_touched) {
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

TEST_F(SpoolDamageTest, files_of_somebody_else_stay_as_they_are) {
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

TEST_F(SpoolDamageTest, a_lost_mark_hands_everything_out_again_and_says_so) {
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

TEST_F(SpoolDamageTest, an_unreadable_disk_is_waited_for_unless_the_caller_gives_up) {
  open(small);
  put(1, 40);
  files_.fail_at(1, CrashFiles::Lasts::until_healed);
  const auto refused = spool_->read(100);
  files_.heal();

  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_EQ(read_all().size(), 40u);
  EXPECT_THAT(spool_->take_losses(), IsEmpty());
}

TEST_F(SpoolDamageTest, a_caller_that_gives_up_on_an_unreadable_segment_goes_on_with_the_next) {
  open(small);
  put(1, 40);
  files_.fail_at(1, CrashFiles::Lasts::once);

  const auto records = spool_->read(1, Unreadable::skip);

  const auto losses = spool_->take_losses();
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].first_seq, 1u);
  EXPECT_EQ(records->front().seq, losses[0].last_seq + 1);
  EXPECT_THAT(spool_->take_damages()[0].what, HasSubstr("input/output error"));
}

TEST_F(SpoolDamageTest, a_full_quarantine_keeps_damaged_bytes_where_they_are_and_says_so) {
  open();
  put(1, 5);
  fill_quarantine();
  files_.flip(newest_segment(), header_bytes + 132 + 50);
  const std::string name = newest_segment();
  const std::size_t size = files_.content().at(name).size();

  open();
  const auto damages = spool_->take_damages();
  open();

  ASSERT_EQ(damages.size(), 1u);
  EXPECT_EQ(damages[0].quarantined_as, "");
  EXPECT_THAT(damages[0].what, HasSubstr("Look at them"));
  EXPECT_EQ(files_.content().at(name).size(), size);
  EXPECT_EQ(spool_->take_losses().size(), 1u);
  EXPECT_THAT(read_all(), ElementsAre(1));
}

TEST_F(SpoolDamageTest, a_number_whose_record_decayed_is_not_used_again) {
  open();
  put(1, 1);
  ASSERT_TRUE(spool_->append(2, std::string(100, 'x')));
  ASSERT_TRUE(spool_->append(3, std::string(100, 'x')));
  ASSERT_EQ(spool_->sync().value_or(0), 3u);
  files_.flip(newest_segment(), header_bytes + 132 + 50);

  open();

  EXPECT_EQ(spool_->last_seq(), 3u);
  EXPECT_FALSE(spool_->append(3, "again"));
}

}  // namespace
}  // namespace wl::storage::spool
