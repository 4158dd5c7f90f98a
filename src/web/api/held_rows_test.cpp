#include "web/api/held_rows.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp start = Timestamp{1'000'000'000s};

HistoryWindow window(Milliseconds from, Milliseconds to) {
  HistoryWindow asked;
  asked.from = start + from;
  asked.to = start + to;
  asked.recorded_from = start;
  asked.settled_until = start + 1h;
  return asked;
}

LinkInterval alive(Milliseconds from, Milliseconds to) {
  return {start + from, start + to, true, ""};
}

LinkInterval dead(Milliseconds from, Milliseconds to) {
  return {start + from, start + to, false, "gateway gone"};
}

Sample sample(Milliseconds at, double value) {
  return Sample{PointId{0}, value, quality::good, start + at};
}

TEST(PlanTicks, a_steady_link_has_a_tick_each_interval_and_no_gap) {
  const TickPlan plan = plan_ticks(window(0s, 10s), {alive(0s, 10s)});

  EXPECT_EQ(plan.total, 10u);
  EXPECT_TRUE(plan.gaps.empty());
}

TEST(PlanTicks, ticks_stand_on_whole_seconds_whatever_the_window_says) {
  const TickPlan plan = plan_ticks(window(300ms, 2300ms), {alive(0s, 10s)});

  EXPECT_EQ(ticks_of(plan, 1s, 0, 10), (std::vector<Timestamp>{start + 1s, start + 2s}));
}

TEST(PlanTicks, inside_a_gap_no_row_is_invented) {
  const TickPlan plan = plan_ticks(window(0s, 10s), {alive(0s, 3s), dead(3s, 6s), alive(6s, 10s)});

  EXPECT_EQ(plan.total, 7u);
  EXPECT_EQ(plan.gaps, (std::vector<Gap>{{start + 3s, start + 6s, "gateway gone"}}));
}

TEST(PlanTicks, time_that_nobody_watched_is_a_gap) {
  const TickPlan plan = plan_ticks(window(1s, 10s), {alive(3s, 5s), alive(7s, 10s)});

  ASSERT_EQ(plan.gaps.size(), 2u);
  EXPECT_EQ(plan.gaps[0].from, start + 1s);
  EXPECT_EQ(plan.gaps[0].to, start + 3s);
  EXPECT_EQ(plan.gaps[1].from, start + 5s);
  EXPECT_EQ(plan.gaps[1].to, start + 7s);
}

TEST(PlanTicks, before_the_first_record_of_all_there_was_no_gap) {
  HistoryWindow asked = window(0s, 10s);
  asked.recorded_from = start + 4s;

  EXPECT_TRUE(plan_ticks(asked, {alive(4s, 10s)}).gaps.empty());
}

TEST(PlanTicks, what_is_not_yet_written_is_not_a_gap) {
  HistoryWindow asked = window(0s, 10s);
  asked.settled_until = start + 2s;

  EXPECT_TRUE(plan_ticks(asked, {alive(0s, 4s)}).gaps.empty());
}

TEST(PlanTicks, an_empty_database_has_neither_rows_nor_gaps) {
  HistoryWindow asked = window(0s, 10s);
  asked.recorded_from.reset();
  const TickPlan plan = plan_ticks(asked, {});

  EXPECT_EQ(plan.total, 0u);
  EXPECT_TRUE(plan.gaps.empty());
}

TEST(PlanTicks, intervals_that_reach_beyond_the_window_are_cut) {
  EXPECT_EQ(plan_ticks(window(2s, 5s), {alive(-10s, 100s)}).total, 3u);
}

TEST(TicksOf, a_page_goes_on_where_the_one_before_ended_across_a_gap) {
  const TickPlan plan = plan_ticks(window(0s, 10s), {alive(0s, 3s), dead(3s, 6s), alive(6s, 10s)});

  EXPECT_EQ(ticks_of(plan, 1s, 0, 2), (std::vector<Timestamp>{start, start + 1s}));
  EXPECT_EQ(ticks_of(plan, 1s, 2, 2), (std::vector<Timestamp>{start + 2s, start + 6s}));
  EXPECT_EQ(ticks_of(plan, 1s, 6, 2), (std::vector<Timestamp>{start + 9s}));
  EXPECT_TRUE(ticks_of(plan, 1s, 7, 2).empty());
}

TEST(HeldRows, a_change_holds_until_the_next_one) {
  const storage::RawSeries series{PointId{0}, std::nullopt, {sample(1500ms, 7), sample(3s, 8)}};

  const auto rows = held_rows({start + 1s, start + 2s, start + 3s, start + 4s}, {series});

  EXPECT_EQ(rows[0].values[0], std::nullopt);
  EXPECT_EQ(rows[1].values[0]->value, 7);
  EXPECT_EQ(rows[2].values[0]->value, 8);
  EXPECT_EQ(rows[3].values[0]->value, 8);
}

TEST(HeldRows, a_page_begins_with_the_value_held_before_it) {
  const storage::RawSeries series{PointId{0}, sample(-5s, 3), {}};

  EXPECT_EQ(held_rows({start}, {series})[0].values[0]->value, 3);
}

}  // namespace
}  // namespace wl::web
