#include "storage/historian/link_timeline.hpp"

#include "storage/historian/testing/historian_suite.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LinkInterval alive(std::int64_t from, std::int64_t to) {
  return {at(from), at(to), true, ""};
}

LinkInterval gap(std::int64_t from, std::int64_t to, std::string cause = "link lost") {
  return {at(from), at(to), false, std::move(cause)};
}

class LinkTimelineTest : public ::testing::Test {
 protected:
  LinkTimelineTest() : tables_(engine_.open()) {}

  std::vector<LinkInterval> add(const LinkInterval& interval) {
    return add_link(*tables_, interval);
  }
  std::vector<LinkInterval> all() { return tables_->links(at(-100'000), at(100'000)); }

  MemoryEngine engine_;
  std::unique_ptr<Tables> tables_;
};

TEST_F(LinkTimelineTest, joins_adjoining_intervals_of_one_kind) {
  add(alive(0, 10));
  add(alive(10, 20));
  add(gap(20, 30));
  add(gap(30, 40));
  add(alive(40, 50));

  EXPECT_THAT(all(), ElementsAre(alive(0, 20), gap(20, 40), alive(40, 50)));
}

TEST_F(LinkTimelineTest, keeps_gaps_of_different_cause_apart) {
  add(gap(0, 10, "link lost"));
  add(gap(10, 20, "collector stopped"));

  EXPECT_THAT(all(), ElementsAre(gap(0, 10, "link lost"), gap(10, 20, "collector stopped")));
}

TEST_F(LinkTimelineTest, does_not_join_over_a_hole) {
  add(alive(0, 10));
  add(alive(11, 20));

  EXPECT_THAT(all(), ElementsAre(alive(0, 10), alive(11, 20)));
}

TEST_F(LinkTimelineTest, covered_time_keeps_what_it_had) {
  add(alive(0, 10));
  add(alive(20, 30));

  add(gap(-5, 40));

  EXPECT_THAT(all(),
              ElementsAre(gap(-5, 0), alive(0, 10), gap(10, 20), alive(20, 30), gap(30, 40)));
}

TEST_F(LinkTimelineTest, life_that_is_known_later_wins_over_gaps) {
  add(alive(0, 10));
  add(gap(10, 20, "link lost"));
  add(gap(20, 30, "collector stopped"));
  add(alive(30, 40));

  EXPECT_THAT(add(alive(15, 35)), ElementsAre(alive(15, 20), alive(20, 30)));

  EXPECT_THAT(all(), ElementsAre(alive(0, 10), gap(10, 15, "link lost"), alive(15, 40)));
}

TEST_F(LinkTimelineTest, life_inside_a_gap_leaves_its_two_ends) {
  add(gap(0, 30, "link lost"));

  add(alive(10, 20));

  EXPECT_THAT(all(), ElementsAre(gap(0, 10, "link lost"), alive(10, 20), gap(20, 30, "link lost")));
}

TEST_F(LinkTimelineTest, fills_a_hole_and_joins_on_both_sides) {
  add(alive(0, 10));
  add(alive(20, 30));

  add(alive(5, 25));

  EXPECT_THAT(all(), ElementsAre(alive(0, 30)));
}

TEST_F(LinkTimelineTest, tells_what_it_added) {
  add(alive(0, 10));
  add(alive(20, 30));

  EXPECT_THAT(add(gap(5, 25)), ElementsAre(gap(10, 20)));
  EXPECT_THAT(add(gap(0, 30)), IsEmpty());
}

TEST_F(LinkTimelineTest, an_empty_or_reversed_interval_adds_nothing) {
  add(alive(5, 5));
  add(alive(9, 5));

  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(LinkTimelineTest, finds_what_touches_a_range_and_nothing_else) {
  add(alive(0, 10));
  add(gap(10, 20));
  add(alive(20, 30));

  EXPECT_THAT(tables_->links(at(15), at(20)), ElementsAre(gap(10, 20)));
  EXPECT_THAT(tables_->links(at(10), at(21)), ElementsAre(gap(10, 20), alive(20, 30)));
  EXPECT_THAT(tables_->links(at(30), at(99)), IsEmpty());
  EXPECT_EQ(tables_->links_end(), at(30));
}

}  // namespace
}  // namespace wl::storage
