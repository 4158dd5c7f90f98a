#include "alarm/detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>

#include "alarm/test_plant.hpp"

namespace wl::alarm {
namespace {

/// One letter a tick, a second apart: `.` nothing, R raise, C clear, E escalate.
class Ticks {
 public:
  explicit Ticks(const Rule& rule, DetectorCounts counts = {}) : detector(checked(rule), counts) {}

  std::string see(std::initializer_list<LiveValue> values) {
    std::string all;
    for (const LiveValue& value : values) all += one(value, nullptr);
    return all;
  }
  std::string numbers(std::initializer_list<double> values) {
    std::string all;
    for (const double value : values) all += one(good(value), nullptr);
    return all;
  }
  char one(const LiveValue& value, const LiveValue* reference) {
    clock += Milliseconds{1000};
    return ".RCE"[static_cast<int>(detector.observe(value, reference, clock))];
  }

  Detector detector;
  Milliseconds clock{};
};

constexpr DetectorCounts at_once{.raise = 1, .clear = 1};

TEST(AlarmDetector, a_high_limit_is_raised_by_three_in_a_row_above_it) {
  Ticks ticks{high_rule(3)};

  EXPECT_EQ(ticks.numbers({3.1, 3.1, 3.0, 3.1, 3.1, 3.1, 3.1}), ".....R.");
  EXPECT_TRUE(ticks.detector.active());
  EXPECT_EQ(ticks.detector.measured(), 3.1);
}

TEST(AlarmDetector, it_clears_only_below_the_hysteresis_three_times_in_a_row) {
  Rule rule = high_rule(3);
  rule.hysteresis = 0.5;
  Ticks ticks{rule};

  EXPECT_EQ(ticks.numbers({4, 4, 4, 2.6, 2.6, 2.6, 2.6}), "..R....");
  EXPECT_EQ(ticks.numbers({2.5, 2.5, 2.6, 2.5, 2.5, 2.5}), ".....C");
}

TEST(AlarmDetector, a_low_limit_is_the_mirror) {
  Rule rule = rule_of(RuleKind::low, "speed", 1);
  rule.hysteresis = 0.2;
  Ticks ticks{rule, at_once};

  EXPECT_EQ(ticks.numbers({1.0, 0.9, 1.1, 1.2, 0.9}), ".R.CR");
}

TEST(AlarmDetector, bad_quality_and_nan_neither_raise_nor_clear_nor_break_the_run) {
  Ticks ticks{high_rule(3)};

  EXPECT_EQ(ticks.see({bad(9), bad(9), bad(9), good(4), bad(0), good(4), good(4)}), "......R");
  EXPECT_EQ(ticks.see({bad(0), bad(0), bad(0), good(NAN), good(NAN), good(NAN)}), "......");
  EXPECT_TRUE(ticks.detector.active());
}

TEST(AlarmDetector, uncertain_values_count) {
  Ticks ticks{high_rule(3), at_once};

  EXPECT_EQ(ticks.see({{4, quality::uncertain_last_usable, at(0)}}), "R");
}

TEST(AlarmDetector, the_on_delay_must_hold_without_a_break) {
  Rule rule = high_rule(3);
  rule.on_delay = std::chrono::seconds(5);
  Ticks ticks{rule};

  EXPECT_EQ(ticks.numbers({4, 4, 4, 4, 4, 1, 4, 4, 4, 4, 4, 4}), "...........R");
}

TEST(AlarmDetector, time_behind_bad_values_does_not_count_for_a_delay) {
  Rule rule = high_rule(3);
  rule.on_delay = std::chrono::seconds(3);
  Ticks ticks{rule, at_once};

  EXPECT_EQ(ticks.see({good(4), bad(), bad(), bad(), bad(), good(4), good(4), good(4), good(4)}),
            "........R");
}

TEST(AlarmDetector, the_off_delay_holds_the_alarm) {
  Rule rule = high_rule(3);
  rule.off_delay = std::chrono::seconds(3);
  Ticks ticks{rule, at_once};

  EXPECT_EQ(ticks.numbers({4, 1, 1, 1, 4, 1, 1, 1, 1}), "R.......C");
}

TEST(AlarmDetector, a_deviation_is_measured_from_a_number_or_from_another_point) {
  Rule fixed = rule_of(RuleKind::deviation, "speed", 0.5);
  fixed.setpoint = 1.5;
  Ticks to_number{fixed, at_once};
  Rule pointed = rule_of(RuleKind::deviation, "speed", 0.5);
  pointed.setpoint_parameter = "speed_setpoint";
  Ticks to_point{pointed, at_once};
  const LiveValue wanted = good(3);
  const LiveValue broken = bad(9);

  EXPECT_EQ(to_number.numbers({1.5, 1.0, 0.9, 1.9, 2.1}), "..RCR");
  EXPECT_EQ(to_point.one(good(3.4), &wanted), '.');
  EXPECT_EQ(to_point.one(good(3.4), &broken), '.');
  EXPECT_EQ(to_point.one(good(2.4), &wanted), 'R');
}

TEST(AlarmDetector, a_rate_is_the_change_a_second_in_either_direction) {
  Ticks ticks{rule_of(RuleKind::rate, "power_kw", 2), at_once};

  EXPECT_EQ(ticks.numbers({50, 52, 55, 55, 50}), "..RCR");
  EXPECT_DOUBLE_EQ(ticks.detector.measured(), 5);
}

TEST(AlarmDetector, a_rate_across_bad_values_is_spread_over_their_time) {
  Ticks ticks{rule_of(RuleKind::rate, "power_kw", 2), at_once};

  EXPECT_EQ(ticks.see({good(10), bad(), bad(), bad(), good(17)}), ".....");
  EXPECT_DOUBLE_EQ(ticks.detector.measured(), 7.0 / 4);
}

TEST(AlarmDetector, a_jump_while_the_link_was_dead_is_no_rate) {
  Ticks ticks{rule_of(RuleKind::rate, "power_kw", 2), at_once};
  ticks.numbers({10, 10});

  ticks.detector.after_gap();

  EXPECT_EQ(ticks.numbers({90, 90}), "..");
}

TEST(AlarmDetector, a_point_is_stale_without_a_new_source_time_whatever_the_clocks_say) {
  Ticks ticks{rule_of(RuleKind::stale, "power_kw", 2.5), at_once};

  EXPECT_EQ(ticks.see({good(1, 7'000'000), good(1, 7'000'000), good(1, 7'000'000),
                       good(1, 7'000'000), good(1, -3'000'000)}),
            "...RC");
}

TEST(AlarmDetector, quality_raises_on_bad_and_if_wanted_on_uncertain) {
  const LiveValue uncertain{1, quality::uncertain_last_usable, at(0)};
  Ticks only_bad{rule_of(RuleKind::quality, "power_kw", 0), at_once};
  Ticks both{rule_of(RuleKind::quality, "power_kw", 1), at_once};

  EXPECT_EQ(only_bad.see({good(1), uncertain, bad(), uncertain}), "..RC");
  EXPECT_EQ(both.see({good(1), uncertain, bad(), good(1)}), ".R.C");
}

TEST(AlarmDetector, a_state_rule_waits_for_its_code) {
  Ticks ticks{rule_of(RuleKind::state, "status", 2), at_once};

  EXPECT_EQ(ticks.numbers({0, 1, 2, 2, 1}), "..R.C");
}

TEST(AlarmDetector, the_level_is_the_lowest_of_the_run_and_rises_after_three_more) {
  Ticks ticks{high_rule(10)};

  EXPECT_EQ(ticks.numbers({11, 30, 30}), "..R");
  EXPECT_EQ(ticks.detector.level(), Level::warning);
  EXPECT_EQ(ticks.numbers({12, 15}), "..");
  EXPECT_EQ(ticks.numbers({12}), "E");
  EXPECT_EQ(ticks.detector.level(), Level::critical);
  EXPECT_EQ(ticks.numbers({15, 15, 15, 11, 11, 11}), "..E...");
  EXPECT_EQ(ticks.detector.level(), Level::emergency);
}

TEST(AlarmDetector, a_fixed_level_stays) {
  Rule rule = high_rule(10);
  rule.level = Level::warning;
  Ticks ticks{rule, at_once};

  EXPECT_EQ(ticks.numbers({90, 90, 90, 90}), "R...");
  EXPECT_EQ(ticks.detector.level(), Level::warning);
}

}  // namespace
}  // namespace wl::alarm
