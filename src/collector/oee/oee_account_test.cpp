#include "collector/oee/oee_account.hpp"

#include "collector/oee/saved_state.hpp"
#include "collector/oee/test_line.hpp"

namespace wl::collector::oee {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Planned round the clock.
struct DayLine : TestLine {
  DayLine() : TestLine({shift_of(0, 1440), shift_of(1440, 2880)}) {}
};

TEST(OeeAccount, a_silence_is_no_downtime_and_its_pieces_are_not_rated) {
  DayLine line;
  line.state(0, running).count(0, 0).reject(0, 0).alive(0, 10).alive(20, 30);
  line.count(1500, 37).batch();  // Seen from 0 to 600 s and from 1200 s on.

  const OeeSums sums = line.total();
  EXPECT_EQ(sums.unknown_ms, minutes_ms(10));
  EXPECT_EQ(sums.running_ms, minutes_ms(20));
  EXPECT_EQ(sums.produced, 37);
  // Spread over 600 … 1500 s, a third of that was seen.
  EXPECT_EQ(sums.rated_produced, 13);
  EXPECT_THAT(line.stops, IsEmpty());
}

TEST(OeeAccount, a_short_hole_in_the_proof_of_life_is_none) {
  DayLine line;
  line.state(0, running).alive(0, 5).alive(5.05, 15).batch();

  EXPECT_EQ(line.total().unknown_ms, 0);
}

TEST(OeeAccount, a_state_of_bad_quality_is_not_known) {
  DayLine line;
  line.state(0, running).alive(0, 15).add(0, 300, 0, quality::bad).state(7, running).batch();

  EXPECT_EQ(line.total().unknown_ms, minutes_ms(2));
  EXPECT_THAT(line.stops, IsEmpty());
}

TEST(OeeAccount, a_stop_becomes_a_long_one_when_its_limit_is_reached) {
  DayLine line;
  line.state(0, running).state(10, standby).alive(0, 14.9).batch();
  EXPECT_EQ(line.total().minor_stop_ms, minutes_ms(4.9));
  EXPECT_EQ(line.stops.at(at_min(10)).element, OeeElement::minor_stop);

  line.alive(14.9, 30).batch();

  EXPECT_EQ(line.total().minor_stop_ms, 0);
  EXPECT_EQ(line.total().idle_ms, minutes_ms(20));
  EXPECT_EQ(line.stops.at(at_min(10)),
            (OeeStop{at_min(10), {}, OeeElement::idle, "standby", minutes_ms(20)}));
}

TEST(OeeAccount, a_long_stop_is_split_by_its_states_and_named_by_the_longest) {
  DayLine line;
  line.state(0, running).state(5, fault).state(25, standby).state(28, running).alive(0, 30).batch();

  EXPECT_EQ(line.total().breakdown_ms, minutes_ms(20));
  EXPECT_EQ(line.total().idle_ms, minutes_ms(3));
  ASSERT_THAT(line.stops, SizeIs(1));
  EXPECT_EQ(line.stops.at(at_min(5)),
            (OeeStop{at_min(5), at_min(28), OeeElement::breakdown, "fault", minutes_ms(23)}));
}

TEST(OeeAccount, a_stop_ends_where_the_plan_ends) {
  TestLine line({shift_of(0, 60), shift_of(75, 120)});
  line.state(0, running).state(50, standby).state(80, running).alive(0, 120).batch();

  ASSERT_THAT(line.stops, SizeIs(2));
  EXPECT_EQ(line.stops.at(at_min(50)).end, at_min(60));
  EXPECT_EQ(line.stops.at(at_min(75)).length_ms, minutes_ms(5));
}

TEST(OeeAccount, a_change_of_shifts_does_not_end_a_stop) {
  TestLine line({shift_of(0, 60), shift_of(60, 120)});
  line.state(0, running).state(58, fault).state(68, running).alive(0, 120).batch();

  ASSERT_THAT(line.stops, SizeIs(1));
  EXPECT_EQ(line.total().breakdown_ms, minutes_ms(10));
}

TEST(OeeAccount, free_breaks_are_taken_out_of_the_plan_up_to_their_allowance) {
  LineRules rules = test_rules();
  rules.free_break = std::chrono::minutes{25};
  TestLine line({shift_of(0, 120), shift_of(120, 240)}, rules);
  line.state(0, running).state(10, standby).state(20, running);  // 10 of 25
  line.state(30, standby).state(60, running);                    // 15 more, 15 too many
  line.state(130, standby).state(140, running);                  // The next shift has its own.
  line.alive(0, 240).batch();

  EXPECT_EQ(line.total().free_break_ms, minutes_ms(35));
  EXPECT_EQ(line.total().idle_ms, minutes_ms(15));
  EXPECT_EQ(line.total().planned_ms, minutes_ms(205));
  ASSERT_THAT(line.stops, SizeIs(1));
  EXPECT_EQ(line.stops.at(at_min(30)).length_ms, minutes_ms(15));
}

TEST(OeeAccount, rejects_after_a_long_stop_are_start_up_rejects) {
  LineRules rules = test_rules();
  rules.startup = std::chrono::minutes{5};
  TestLine line({shift_of(0, 60)}, rules);
  line.state(0, running).state(10, fault).state(20, running).alive(0, 60).count(0, 0).reject(0, 0);
  line.pieces(0, 3600, 60).reject(500, 1).reject(21 * 60, 2).reject(26 * 60, 3).batch();

  EXPECT_EQ(line.total().rated_rejected, 3);
  EXPECT_EQ(line.total().rated_startup_rejected, 1);
  EXPECT_EQ(line.total().ideal_startup_us, 36'000'000);
}

TEST(OeeAccount, a_late_sample_changes_what_was_given) {
  DayLine line;
  line.state(0, running).count(0, 0).reject(0, 0).alive(0, 60).count(3000, 3).batch();
  EXPECT_EQ(line.total().running_ms, minutes_ms(60));

  line.state(20, fault).state(30, running).count(1000, 1).batch();

  EXPECT_EQ(line.total().breakdown_ms, minutes_ms(10));
  EXPECT_EQ(line.total().produced, 3);
  EXPECT_EQ(line.quarters.at(at_min(15)).produced, 1);
  EXPECT_THAT(line.stops, SizeIs(1));
}

TEST(OeeAccount, a_late_sample_may_take_a_stop_back) {
  DayLine line;
  line.state(0, running).state(20, fault).state(30, running).alive(0, 60).batch();
  ASSERT_THAT(line.stops, SizeIs(1));

  line.state(20.001, running).batch();

  EXPECT_EQ(line.total().breakdown_ms, 0);
  EXPECT_EQ(line.stops.at(at_min(20)).length_ms, 60);
}

TEST(OeeAccount, what_is_older_than_the_horizon_is_counted_and_loses_no_piece) {
  DayLine line;
  line.state(0, running).state(30, running).count(0, 0).reject(0, 0).alive(0, 60).batch();
  line.alive(60, 1500).count(89'000, 10).batch().alive(1500, 1560).batch();
  line.state(10, fault).count(600, 5).batch();

  EXPECT_EQ(line.account().stats().too_late, 2u);
  EXPECT_EQ(line.total().breakdown_ms, 0);
  EXPECT_EQ(line.total().produced, 10);
}

TEST(OeeAccount, a_sample_from_the_future_is_not_used) {
  DayLine line;
  line.state(0, running).alive(0, 15).add(0, 500.0 * 86'400, fault).batch();

  EXPECT_EQ(line.account().stats().future, 1u);
  EXPECT_EQ(line.total().running_ms, minutes_ms(15));
}

TEST(OeeAccount, the_value_held_before_the_first_proof_of_life_counts) {
  DayLine line;
  line.add(0, -86'400, running).add(1, -3600, 77).add(2, -3600, 3);
  line.alive(5, 30).pieces(300, 1800, 40, 77).batch();

  EXPECT_EQ(line.total().planned_ms, minutes_ms(30));
  EXPECT_EQ(line.total().unknown_ms, minutes_ms(5));
  EXPECT_EQ(line.total().running_ms, minutes_ms(25));
  EXPECT_EQ(line.total().produced, 37);
}

TEST(OeeAccount, only_what_changed_is_given) {
  DayLine line;
  line.state(0, running).state(3, fault).state(4, running).alive(0, 44).batch();
  line.alive(44, 44.5).batch();

  ASSERT_THAT(line.last.quarters, SizeIs(1));
  EXPECT_EQ(line.last.quarters[0].start, at_min(30));
  EXPECT_FALSE(line.last.stops_from);
}

TEST(OeeAccount, the_same_batch_again_changes_nothing) {
  DayLine line;
  const auto bring = [&] {
    line.state(0, running).count(0, 0).reject(0, 0).alive(0, 60).pieces(0, 3600, 40).batch();
  };
  bring();
  const OeeSums once = line.total();
  bring();

  EXPECT_EQ(line.total(), once);
  EXPECT_THAT(line.last.quarters, IsEmpty());
  EXPECT_EQ(line.account().stats().repeated, 93u);
}

TEST(OeeAccount, a_restart_goes_on_from_the_saved_state) {
  const auto first = [](TestLine& line) {
    line.state(0, running).count(0, 0).reject(0, 0).state(55, fault).alive(0, 60);
    line.pieces(0, 3300, 40).batch();
  };
  const auto second = [](TestLine& line) {
    line.state(70, running).alive(60, 120).pieces(4200, 7200, 40, 82).reject(5000, 3).batch();
  };
  DayLine whole;
  first(whole);
  second(whole);
  DayLine cut;
  first(cut);
  cut.restart_from(restore(save(cut.account().state())).value());
  second(cut);

  EXPECT_EQ(cut.quarters, whole.quarters);
  EXPECT_EQ(cut.stops, whole.stops);
  EXPECT_EQ(cut.account().current_shift(), whole.account().current_shift());
}

TEST(OeeAccount, a_state_of_other_points_is_not_used) {
  DayLine line;
  line.state(0, running).alive(0, 60).batch();
  AccountState state = line.account().state();
  state.key = "another line";
  line.restart_from(std::move(state));

  EXPECT_FALSE(line.account().current_shift());
}

TEST(OeeAccount, a_year_of_silence_is_left_out) {
  TestLine line({shift_of(0, 400.0 * 1440)});
  line.state(0, running).alive(0, 15).batch();
  line.alive(390.0 * 1440, 390.0 * 1440 + 15).batch();

  EXPECT_EQ(line.quarters.size(), 1 + 366 * 96u);
}

}  // namespace
}  // namespace wl::collector::oee
