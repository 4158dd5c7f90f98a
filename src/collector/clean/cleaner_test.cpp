#include "collector/clean/cleaner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "collector/held_values.hpp"
#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum CleaningReason;

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t day = 24 * hour;

/// conveyor.power_kw may change by 10 kW a second and is stuck after 60 s.
Plant watched_plant() {
  Plant plant = test_plant();
  plant.points[power.value].max_rate = 10;
  plant.points[power.value].stuck_after = Milliseconds{60'000};
  return plant;
}

class CleanerTest : public testing::Test {
 protected:
  std::optional<Sample> live(PointId point, Value value, std::int64_t source,
                             std::int64_t receipt) {
    return held_.accept(point, good(std::move(value), source), at(receipt));
  }
  std::optional<Sample> old(PointId point, Value value, std::int64_t source) {
    return held_.accept_history(point, good(std::move(value), source));
  }
  std::uint64_t count(PointId point, CleaningReason reason) const {
    return held_.counts().of(point, reason);
  }
  /// Ticks each second of [from, to] seconds; returns what they gave.
  std::vector<Sample> ticks(std::int64_t from, std::int64_t to, bool link_alive = true) {
    std::vector<Sample> all;
    for (std::int64_t s = from; s <= to; ++s) {
      const auto some = held_.on_tick(now(s * 1000), link_alive);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }

  const Plant plant_ = watched_plant();
  HeldValues held_{plant_};
};

// ---- the value

TEST_F(CleanerTest, what_the_source_calls_bad_or_uncertain_keeps_its_code_and_is_counted) {
  const DataValue doubted{3.5, quality::uncertain_last_usable, at(10)};

  EXPECT_EQ(held_.accept(energy, doubted, at(10))->quality, quality::uncertain_last_usable);
  EXPECT_EQ(held_.accept(energy, bad(quality::bad_device_failure, 20), at(20))->quality,
            quality::bad_device_failure);

  EXPECT_EQ(count(energy, source_uncertain), 1u);
  EXPECT_EQ(count(energy, source_bad), 1u);
}

TEST_F(CleanerTest, an_integer_that_a_double_cannot_hold_is_doubted) {
  const std::int64_t most = std::int64_t{1} << 53;
  Plant wide = test_plant();
  wide.points[energy.value].low = -1e300;
  wide.points[energy.value].high = 1e300;
  HeldValues held(wide);

  EXPECT_EQ(held.accept(energy, good(most, 1), at(1))->quality, quality::good);
  EXPECT_EQ(held.accept(energy, good(-most - 1, 2), at(2))->quality,
            quality::uncertain_configuration_error);
  EXPECT_EQ(held.accept(energy, good(std::uint64_t{1} << 63, 3), at(3))->value, std::ldexp(1, 63));
  EXPECT_EQ(held.counts().of(energy, too_long), 2u);
}

TEST_F(CleanerTest, a_state_code_without_a_word_is_out_of_range) {
  EXPECT_EQ(live(state, 2.0, 1, 1)->quality, quality::good);
  EXPECT_EQ(live(state, 1.5, 2, 2)->quality, quality::uncertain_units_exceeded);
  EXPECT_EQ(live(state, std::int64_t{3}, 3, 3)->quality, quality::uncertain_units_exceeded);
  EXPECT_EQ(live(state, std::int64_t{-1}, 4, 4)->quality, quality::uncertain_units_exceeded);
}

TEST_F(CleanerTest, a_spike_is_doubted_and_its_return_is_not) {
  live(power, 10.0, 0, 0);

  EXPECT_EQ(live(power, 60.0, 1000, 1000)->quality, quality::uncertain_not_accurate);
  EXPECT_EQ(live(power, 11.0, 2000, 2000)->quality, quality::good);
  EXPECT_EQ(count(power, too_fast), 1u);
}

TEST_F(CleanerTest, a_step_is_doubted_until_the_plant_could_have_got_there) {
  live(power, 10.0, 0, 0);

  EXPECT_EQ(live(power, 60.0, 1000, 1000)->quality, quality::uncertain_not_accurate);
  EXPECT_EQ(live(power, 60.5, 4000, 4000)->quality, quality::uncertain_not_accurate);
  EXPECT_EQ(live(power, 60.0, 5000, 5000)->quality, quality::good);
}

TEST_F(CleanerTest, a_counter_that_falls_is_as_good_as_it_came) {
  live(energy, 5000.0, 0, 0);

  EXPECT_EQ(live(energy, 0.0, 1000, 1000)->quality, quality::good);
}

// ---- stuck

TEST_F(CleanerTest, a_value_that_stands_still_too_long_is_doubted_once) {
  live(power, 1.5, 500, 500);

  EXPECT_THAT(ticks(1, 60), IsEmpty());
  EXPECT_THAT(ticks(61, 200),
              ElementsAre(Sample{power, 1.5, quality::uncertain_last_usable, at(61'000)}));
  EXPECT_EQ(held_.of(power).quality, quality::uncertain_last_usable);
  EXPECT_EQ(count(power, stuck), 1u);
}

TEST_F(CleanerTest, movement_by_the_last_bit_clears_it) {
  live(power, 1.5, 500, 500);
  ticks(1, 61);

  EXPECT_EQ(live(power, std::nextafter(1.5, 2.0), 61'500, 61'510)->quality, quality::good);
  EXPECT_THAT(ticks(62, 120), IsEmpty());
  EXPECT_EQ(ticks(121, 121).size(), 1u);
}

TEST_F(CleanerTest, the_same_number_said_again_is_no_movement) {
  live(power, 1.5, 500, 500);
  ticks(1, 61);

  EXPECT_EQ(live(power, 1.5, 62'000, 62'010)->quality, quality::uncertain_last_usable);
  EXPECT_EQ(count(power, stuck), 1u);
}

TEST_F(CleanerTest, a_dead_link_says_nothing_about_a_value_that_stands_still) {
  live(power, 1.5, 500, 500);
  ticks(1, 50);
  EXPECT_THAT(ticks(51, 500, false), IsEmpty());

  EXPECT_THAT(ticks(501, 560), IsEmpty());
  EXPECT_THAT(ticks(561, 561),
              ElementsAre(Sample{power, 1.5, quality::uncertain_last_usable, at(561'000)}));
}

TEST_F(CleanerTest, a_halted_collector_does_not_take_its_sleep_for_standstill) {
  live(power, 1.5, 500, 500);
  ticks(1, 2);

  EXPECT_THAT(held_.on_tick(now(hour), true), IsEmpty());
}

TEST_F(CleanerTest, a_bad_value_is_not_stuck) {
  live(power, 1.5, 500, 500);
  held_.accept(power, bad(quality::bad_no_communication, 900), at(900));

  EXPECT_THAT(ticks(1, 200), IsEmpty());
}

TEST_F(CleanerTest, a_point_without_stuck_after_may_stand_still_for_ever) {
  live(energy, 1.5, 500, 500);

  EXPECT_THAT(ticks(1, 1000), IsEmpty());
}

// ---- the time

TEST_F(CleanerTest, a_clock_that_is_ahead_is_not_believed_but_its_reading_counts) {
  EXPECT_EQ(*live(energy, 7.0, hour, 10), (Sample{energy, 7.0, quality::good_edited, at(10)}));
  EXPECT_EQ(*live(energy, 8.0, hour + 1000, 1010),
            (Sample{energy, 8.0, quality::good_edited, at(1010)}));
  EXPECT_TRUE(quality::good_edited.is_good());
  EXPECT_EQ(count(energy, clock_ahead), 2u);
}

TEST_F(CleanerTest, a_clock_that_is_a_little_ahead_is_believed) {
  EXPECT_EQ(*live(energy, 7.0, 10'000, 0), (Sample{energy, 7.0, quality::good, at(10'000)}));
  EXPECT_EQ(*live(energy, 8.0, 10'001, 1000), (Sample{energy, 8.0, quality::good, at(10'001)}));
}

TEST_F(CleanerTest, the_tolerance_is_the_plants) {
  Plant strict = test_plant();
  strict.clock_tolerance = Milliseconds{1000};
  HeldValues held(strict);

  EXPECT_EQ(held.accept(power, good(1.0, 1001), at(0))->quality, quality::good_edited);
}

TEST_F(CleanerTest, a_clock_that_was_never_set_is_dated_by_receipt) {
  const DataValue first{1.0, quality::good, from_unix_ms(60'000)};
  const DataValue second{2.0, quality::good, from_unix_ms(61'000)};

  EXPECT_EQ(*held_.accept(energy, first, at(0)), (Sample{energy, 1, quality::good_edited, at(0)}));
  EXPECT_EQ(*held_.accept(energy, second, at(1000)),
            (Sample{energy, 2, quality::good_edited, at(1000)}));
  EXPECT_EQ(count(energy, clock_wrong), 2u);
}

TEST_F(CleanerTest, a_steady_value_may_be_old_when_it_comes_first) {
  EXPECT_EQ(*live(energy, 7.0, -300 * day, 0),
            (Sample{energy, 7.0, quality::good, at(-300 * day)}));
  EXPECT_THAT(held_.counts().worst(5), IsEmpty());
}

TEST_F(CleanerTest, a_clock_behind_is_kept_with_its_own_time_and_counted) {
  live(energy, 7.0, -hour, 0);

  EXPECT_EQ(*live(energy, 8.0, -hour + 1000, 1000),
            (Sample{energy, 8.0, quality::good, at(-hour + 1000)}));
  EXPECT_EQ(count(energy, clock_behind), 1u);
}

TEST_F(CleanerTest, a_clock_a_month_behind_is_dated_by_receipt_once_that_is_known) {
  live(energy, 7.0, -30 * day, 0);

  EXPECT_EQ(*live(energy, 8.0, -30 * day + 1000, 1000),
            (Sample{energy, 8.0, quality::good_edited, at(1000)}));
}

TEST_F(CleanerTest, values_that_waited_in_a_queue_are_not_taken_for_a_clock_behind) {
  live(energy, 7.0, 0, 10);
  live(energy, 8.0, 1000, 60'000);
  live(energy, 9.0, 2000, 60'000);

  EXPECT_EQ(count(energy, clock_behind), 0u);
}

TEST_F(CleanerTest, a_source_clock_set_back_does_not_freeze_the_point) {
  live(energy, 7.0, 0, 0);

  EXPECT_EQ(*live(energy, 8.0, 1000 - hour, 1000),
            (Sample{energy, 8.0, quality::good_edited, at(1000)}));
  EXPECT_EQ(held_.of(energy).value, 8.0);
  EXPECT_EQ(count(energy, clock_back), 1u);
}

TEST_F(CleanerTest, a_frozen_clock_does_not_hide_a_value_that_was_there_before) {
  live(energy, 7.0, 0, 0);
  live(energy, 8.0, 0, 1000);

  EXPECT_EQ(live(energy, 7.0, 0, 2000)->source_time, at(2000));
  EXPECT_EQ(held_.of(energy).value, 7.0);
}

TEST_F(CleanerTest, two_values_of_one_millisecond_are_both_stored) {
  live(energy, 7.0, 1000, 1000);

  EXPECT_EQ(*live(energy, 8.0, 1000, 1000), (Sample{energy, 8.0, quality::good, at(1001)}));
}

TEST_F(CleanerTest, after_days_of_standstill_a_quality_change_is_no_wrong_clock) {
  live(energy, 7.0, 0, 0);
  held_.accept(energy, bad(quality::bad_no_communication, 3 * day), at(3 * day));

  EXPECT_EQ(*live(energy, 7.0, 0, 3 * day + 5000),
            (Sample{energy, 7.0, quality::good, at(3 * day + 5000)}));
  EXPECT_THAT(held_.counts().worst(5), IsEmpty());
}

TEST_F(CleanerTest, a_value_that_changed_while_its_device_was_away_becomes_the_held_one) {
  live(energy, 7.0, 0, 0);
  held_.accept(energy, bad(quality::bad_no_communication, 3000), at(3000));

  EXPECT_EQ(*live(energy, 9.0, 2500, 8000), (Sample{energy, 9.0, quality::good, at(8000)}));
}

// ---- repetitions

TEST_F(CleanerTest, notifications_that_come_twice_are_stored_once) {
  live(energy, 7.0, 0, 0);
  live(energy, 8.0, 1000, 1000);
  live(energy, 9.0, 2000, 2000);

  EXPECT_EQ(live(energy, 8.0, 1000, 5000), std::nullopt);
  EXPECT_EQ(live(energy, 9.0, 2000, 5000), std::nullopt);
  EXPECT_EQ(held_.of(energy), (LiveValue{9.0, quality::good, at(2000)}));
  EXPECT_EQ(count(energy, repeated), 2u);
}

TEST_F(CleanerTest, a_value_of_a_wrong_clock_that_is_repeated_is_no_news) {
  live(energy, 7.0, hour, 0);

  EXPECT_EQ(live(energy, 7.0, hour, 60'000), std::nullopt);
}

// ---- history

TEST_F(CleanerTest, history_behind_the_held_value_is_stored_under_its_own_time) {
  live(energy, 9.0, 10'000, 10'000);

  EXPECT_EQ(*old(energy, 7.0, 4000), (Sample{energy, 7.0, quality::good, at(4000)}));
  EXPECT_EQ(held_.of(energy), (LiveValue{9.0, quality::good, at(10'000)}));
  EXPECT_EQ(count(energy, late), 1u);
}

TEST_F(CleanerTest, history_newer_than_the_held_value_becomes_it) {
  live(energy, 7.0, 0, 10'000);

  EXPECT_EQ(old(energy, 8.0, 4000)->source_time, at(4000));
  EXPECT_EQ(held_.of(energy), (LiveValue{8.0, quality::good, at(4000)}));
}

TEST_F(CleanerTest, history_of_what_came_live_is_no_news_and_the_other_way_round) {
  live(energy, 7.0, 0, 5000);
  live(energy, 8.0, 1000, 5000);
  old(energy, 7.5, 500);

  EXPECT_EQ(old(energy, 7.0, 0), std::nullopt);
  EXPECT_EQ(old(energy, 7.5, 500), std::nullopt);
  EXPECT_EQ(old(energy, 8.0, 1000), std::nullopt);
}

TEST_F(CleanerTest, history_is_judged_like_live_values) {
  live(power, 10.0, 100'000, 100'000);
  old(power, 10.0, 1000);

  EXPECT_EQ(old(power, 60.0, 2000)->quality, quality::uncertain_not_accurate);
  EXPECT_EQ(old(power, 11.0, 3000)->quality, quality::good);
  EXPECT_EQ(old(power, 101.0, 4000)->quality, quality::uncertain_units_exceeded);
  EXPECT_EQ(held_.accept_history(power, bad(quality::bad_no_communication, 5000))->value, 11.0);
}

TEST_F(CleanerTest, history_with_an_impossible_time_is_counted_and_not_stored) {
  live(energy, 7.0, 0, 0);

  EXPECT_EQ(old(energy, 8.0, hour), std::nullopt);
  EXPECT_EQ(held_.accept_history(energy, {8.0, quality::good, Timestamp{}}), std::nullopt);
  EXPECT_EQ(count(energy, undatable), 2u);
  EXPECT_EQ(held_.of(energy).value, 7.0);
}

// ---- the counts

TEST_F(CleanerTest, the_worst_points_are_named_with_their_most_frequent_reason) {
  live(energy, -1.0, 1, 1);
  live(power, -1.0, 1, 1);
  live(power, -2.0, 2, 2);
  live(power, std::string("x"), 3, 3);
  live(state, 1.0, 1, 1);

  EXPECT_EQ(worst_words(plant_, held_.counts().worst(5)),
            "conveyor.power_kw 3 (out_of_range), conveyor.energy_kwh 1 (out_of_range)");
  EXPECT_EQ(worst_words(plant_, held_.counts().worst(1)), "conveyor.power_kw 3 (out_of_range)");
}

TEST_F(CleanerTest, the_figures_for_a_status_name_what_occurred_only) {
  EXPECT_THAT(details(plant_, held_.counts()), IsEmpty());

  live(power, -1.0, 1, 1);
  live(power, -1.0, 1, 5);

  EXPECT_THAT(details(plant_, held_.counts()),
              ElementsAre(testing::Pair("cleaned_out_of_range", "1"),
                          testing::Pair("cleaned_repeated", "1"),
                          testing::Pair("worst_points", "conveyor.power_kw 1 (out_of_range)")));
}

TEST_F(CleanerTest, the_counts_as_json_leave_zeros_out) {
  EXPECT_EQ(to_json(plant_, held_.counts()), R"({"sums":{},"points":{}})");

  live(power, -1.0, 1, 1);
  live(power, std::string("x"), 3, 3);
  live(energy, -1.0, 1, 1);

  EXPECT_EQ(to_json(plant_, held_.counts()),
            R"({"sums":{"wrong_type":1,"out_of_range":2},"points":)"
            R"({"conveyor.power_kw":{"wrong_type":1,"out_of_range":1},)"
            R"("conveyor.energy_kwh":{"out_of_range":1}}})");
}

}  // namespace
}  // namespace wl::collector
