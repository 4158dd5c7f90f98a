#include "collector/forward/joiner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

using testing::ElementsAre;

Record record(std::uint64_t seq, std::vector<LinkInterval> intervals) {
  Record made;
  made.seq = seq;
  made.samples.resize(1);
  made.intervals = std::move(intervals);
  return made;
}

constexpr std::uint64_t run1 = first_seq_of_run(1);
constexpr std::uint64_t run2 = first_seq_of_run(2);

TEST(Joiner, records_become_one_batch_with_the_number_of_the_last) {
  Joiner joiner;
  joiner.begin(std::nullopt, 0);
  joiner.add(record(run1, {alive(0, 1000)}));
  joiner.add(record(run1 + 1, {alive(1000, 2000)}));

  const Record batch = joiner.take();

  EXPECT_EQ(batch.seq, run1 + 1);
  EXPECT_EQ(batch.samples.size(), 2u);
  EXPECT_THAT(batch.intervals, ElementsAre(alive(0, 2000)));
  EXPECT_TRUE(joiner.take().empty());
}

TEST(Joiner, the_time_between_two_runs_is_a_gap) {
  Joiner joiner;
  joiner.begin(at(5000), run1 + 9);

  joiner.add(record(run2, {alive(8000, 9000)}));

  EXPECT_THAT(joiner.take().intervals,
              ElementsAre(gap(5000, 8000, not_running_cause), alive(8000, 9000)));
}

TEST(Joiner, lost_records_leave_a_gap_with_their_cause_where_they_were) {
  Joiner joiner;
  joiner.begin(at(0), run1);
  joiner.on_lost({run1 + 3, run1 + 4, "the spool was damaged"});
  joiner.add(record(run1 + 1, {alive(0, 1000)}));
  joiner.add(record(run1 + 2, {alive(1000, 2000)}));

  joiner.add(record(run1 + 5, {alive(4000, 5000)}));

  EXPECT_THAT(
      joiner.take().intervals,
      ElementsAre(alive(0, 2000), gap(2000, 4000, "the spool was damaged"), alive(4000, 5000)));
}

TEST(Joiner, a_loss_weighs_more_than_the_restart_after_it) {
  Joiner joiner;
  joiner.begin(at(0), run1);
  joiner.on_lost({run1 + 1, run1 + 7, "the spool was damaged"});

  joiner.add(record(run2, {alive(4000, 5000)}));

  EXPECT_EQ(joiner.take().intervals[0], gap(0, 4000, "the spool was damaged"));
}

TEST(Joiner, a_loss_that_the_database_has_already_is_none) {
  Joiner joiner;
  joiner.begin(at(1000), run1 + 5);
  joiner.on_lost({run1 + 1, run1 + 5, "the spool was full"});

  joiner.add(record(run1 + 6, {alive(1000, 2000)}));

  EXPECT_THAT(joiner.take().intervals, ElementsAre(alive(1000, 2000)));
}

TEST(Joiner, before_the_first_record_of_an_empty_database_nothing_was_expected) {
  Joiner joiner;
  joiner.begin(std::nullopt, 0);

  joiner.add(record(run2, {alive(8000, 9000)}));

  EXPECT_THAT(joiner.take().intervals, ElementsAre(alive(8000, 9000)));
}

TEST(Joiner, life_that_is_told_later_passes_as_it_is) {
  Joiner joiner;
  joiner.begin(at(0), run1);
  joiner.add(record(run1 + 1, {gap(0, 2000, "link lost"), alive(2000, 3000)}));

  joiner.add(record(run1 + 2, {alive(0, 2000), alive(3000, 4000)}));

  EXPECT_THAT(joiner.take().intervals, ElementsAre(gap(0, 2000, "link lost"), alive(2000, 3000),
                                                   alive(0, 2000), alive(3000, 4000)));
  EXPECT_EQ(joiner.covered_until(), at(4000));
}

}  // namespace
}  // namespace wl::collector
