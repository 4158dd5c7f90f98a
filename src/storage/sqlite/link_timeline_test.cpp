#include "storage/sqlite/link_timeline.hpp"

#include "storage/sqlite/scratch_database.hpp"

namespace wl::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

LinkInterval alive(std::int64_t from, std::int64_t to) {
  return {at(from), at(to), true, ""};
}

LinkInterval gap(std::int64_t from, std::int64_t to, std::string cause = "link lost") {
  return {at(from), at(to), false, std::move(cause)};
}

class LinkTimelineTest : public ScratchDatabase {
 protected:
  LinkTimelineTest() {
    EXPECT_TRUE(migrate(options_));
    database_ = connect(options_, Checkpoints::by_this_connection);
    timeline_ = std::make_unique<LinkTimeline>(*database_);
  }

  std::vector<LinkInterval> all() { return timeline_->touching(at(-100'000), at(100'000)); }

  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<LinkTimeline> timeline_;
};

TEST_F(LinkTimelineTest, joins_adjoining_intervals_of_one_kind) {
  timeline_->add(alive(0, 10));
  timeline_->add(alive(10, 20));
  timeline_->add(gap(20, 30));
  timeline_->add(gap(30, 40));
  timeline_->add(alive(40, 50));

  EXPECT_THAT(all(), ElementsAre(alive(0, 20), gap(20, 40), alive(40, 50)));
}

TEST_F(LinkTimelineTest, keeps_gaps_of_different_cause_apart) {
  timeline_->add(gap(0, 10, "link lost"));
  timeline_->add(gap(10, 20, "collector stopped"));

  EXPECT_THAT(all(), ElementsAre(gap(0, 10, "link lost"), gap(10, 20, "collector stopped")));
}

TEST_F(LinkTimelineTest, does_not_join_over_a_hole) {
  timeline_->add(alive(0, 10));
  timeline_->add(alive(11, 20));

  EXPECT_THAT(all(), ElementsAre(alive(0, 10), alive(11, 20)));
}

TEST_F(LinkTimelineTest, covered_time_keeps_what_it_had) {
  timeline_->add(alive(0, 10));
  timeline_->add(alive(20, 30));

  timeline_->add(gap(-5, 40));

  EXPECT_THAT(all(),
              ElementsAre(gap(-5, 0), alive(0, 10), gap(10, 20), alive(20, 30), gap(30, 40)));
}

TEST_F(LinkTimelineTest, fills_a_hole_and_joins_on_both_sides) {
  timeline_->add(alive(0, 10));
  timeline_->add(alive(20, 30));

  timeline_->add(alive(5, 25));

  EXPECT_THAT(all(), ElementsAre(alive(0, 30)));
}

TEST_F(LinkTimelineTest, an_empty_or_reversed_interval_adds_nothing) {
  timeline_->add(alive(5, 5));
  timeline_->add(alive(9, 5));

  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(LinkTimelineTest, finds_what_touches_a_range_and_nothing_else) {
  timeline_->add(alive(0, 10));
  timeline_->add(gap(10, 20));
  timeline_->add(alive(20, 30));

  EXPECT_THAT(timeline_->touching(at(15), at(20)), ElementsAre(gap(10, 20)));
  EXPECT_THAT(timeline_->touching(at(10), at(21)), ElementsAre(gap(10, 20), alive(20, 30)));
  EXPECT_THAT(timeline_->touching(at(30), at(99)), IsEmpty());
  EXPECT_EQ(timeline_->end(), at(30));
}

}  // namespace
}  // namespace wl::storage
