#include "alarm/rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "alarm/test_plant.hpp"

namespace wl::alarm {
namespace {

using testing::HasSubstr;

std::string refusal(const Rule& rule) {
  const Result<CheckedRule> result = check_rule(rule, test_plant());
  return result ? "" : result.error().what;
}

Rule with_hysteresis(Rule rule, double hysteresis) {
  rule.hysteresis = hysteresis;
  return rule;
}

TEST(AlarmRule, every_kind_is_accepted_with_a_sensible_value) {
  EXPECT_EQ(refusal(high_rule(3)), "");
  EXPECT_EQ(refusal(rule_of(RuleKind::low, "speed", 0.5)), "");
  EXPECT_EQ(refusal(rule_of(RuleKind::deviation, "speed", 0.5)), "");
  EXPECT_EQ(refusal(rule_of(RuleKind::rate, "power_kw", 2)), "");
  EXPECT_EQ(refusal(rule_of(RuleKind::stale, "power_kw", 60)), "");
  EXPECT_EQ(refusal(rule_of(RuleKind::quality, "power_kw", 0)), "");
  EXPECT_EQ(refusal(rule_of(RuleKind::state, "status", 2)), "");
}

TEST(AlarmRule, a_parameter_that_the_device_does_not_have_is_refused_with_those_it_has) {
  EXPECT_THAT(refusal(rule_of(RuleKind::high, "energy_kwh_day", 1)),
              HasSubstr("device 'conveyor' has no parameter 'energy_kwh_day'; it has: power_kw, "
                        "status, speed, speed_setpoint"));
}

TEST(AlarmRule, an_unknown_device_is_refused) {
  Rule rule = high_rule(3);
  rule.device = "press";

  EXPECT_THAT(refusal(rule), HasSubstr("the plant has no device 'press'"));
}

TEST(AlarmRule, what_is_no_number_is_refused) {
  EXPECT_THAT(refusal(high_rule(std::numeric_limits<double>::quiet_NaN())), HasSubstr("finite"));
  EXPECT_THAT(refusal(high_rule(std::numeric_limits<double>::infinity())), HasSubstr("finite"));
  EXPECT_THAT(refusal(with_hysteresis(high_rule(3), -1)), HasSubstr("hysteresis"));
}

TEST(AlarmRule, a_limit_that_the_point_cannot_reach_or_leave_is_refused) {
  EXPECT_THAT(refusal(high_rule(-1)), HasSubstr("outside the range 0 … 100"));
  EXPECT_THAT(refusal(high_rule(101)), HasSubstr("outside the range"));
  EXPECT_THAT(refusal(with_hysteresis(high_rule(3), 4)), HasSubstr("cannot reach"));
}

TEST(AlarmRule, a_value_without_sense_for_its_kind_is_refused) {
  EXPECT_THAT(refusal(rule_of(RuleKind::deviation, "speed", -0.5)), HasSubstr("greater than 0"));
  EXPECT_THAT(refusal(rule_of(RuleKind::rate, "power_kw", 0)), HasSubstr("greater than 0"));
  EXPECT_THAT(refusal(rule_of(RuleKind::rate, "status", 1)), HasSubstr("is a state"));
  EXPECT_THAT(refusal(rule_of(RuleKind::stale, "power_kw", -5)), HasSubstr("seconds"));
  EXPECT_THAT(refusal(rule_of(RuleKind::quality, "power_kw", 2)), HasSubstr("0 (bad) or 1"));
  EXPECT_THAT(refusal(rule_of(RuleKind::state, "status", 3)), HasSubstr("codes 0 to 2"));
  EXPECT_THAT(refusal(rule_of(RuleKind::state, "status", 0.5)), HasSubstr("not a state code"));
  EXPECT_THAT(refusal(rule_of(RuleKind::state, "power_kw", 1)), HasSubstr("is not a state"));
  EXPECT_THAT(refusal(with_hysteresis(rule_of(RuleKind::state, "status", 2), 1)),
              HasSubstr("no hysteresis"));
}

TEST(AlarmRule, delays_are_at_most_a_day_and_not_negative) {
  Rule negative = high_rule(3);
  negative.on_delay = Milliseconds{-1};
  Rule endless = high_rule(3);
  endless.off_delay = std::chrono::hours(25);

  EXPECT_THAT(refusal(negative), HasSubstr("0 s to 24 h"));
  EXPECT_THAT(refusal(endless), HasSubstr("0 s to 24 h"));
}

TEST(AlarmRule, a_setpoint_must_be_a_point_of_the_device) {
  Rule rule = rule_of(RuleKind::deviation, "speed", 0.5);
  rule.setpoint_parameter = "speed_setpoint";
  Rule unknown = rule;
  unknown.setpoint_parameter = "torque";

  EXPECT_EQ(checked(rule).setpoint, setpoint);
  EXPECT_THAT(refusal(unknown), HasSubstr("no parameter 'torque'"));
}

TEST(AlarmRule, one_wrong_rule_does_not_cost_the_others_and_a_double_is_refused) {
  const std::vector<Rule> rules{high_rule(3), high_rule(-1), high_rule(4),
                                rule_of(RuleKind::state, "status", 2)};

  const CheckedRules all = check_rules(rules, test_plant());

  ASSERT_EQ(all.accepted.size(), 2U);
  ASSERT_EQ(all.refused.size(), 2U);
  EXPECT_EQ(all.refused[1].why.code, Errc::conflict);
  EXPECT_THAT(all.refused[1].why.what, HasSubstr("conveyor.power_kw:high:auto"));
}

TEST(AlarmRule, the_level_follows_the_excess_exactly_at_20_and_50_percent) {
  EXPECT_EQ(level_of_excess(0.0), Level::warning);
  EXPECT_EQ(level_of_excess(0.199), Level::warning);
  EXPECT_EQ(level_of_excess((6.6 - 5.5) / 5.5), Level::critical);
  EXPECT_EQ(level_of_excess(0.499), Level::critical);
  EXPECT_EQ(level_of_excess(0.5), Level::emergency);
}

TEST(AlarmRule, types_and_words_are_those_of_the_contract) {
  EXPECT_EQ(alarm_type_of(high_rule(3)), "power_kw_threshold");
  EXPECT_EQ(alarm_type_of(rule_of(RuleKind::stale, "speed", 3)), "speed_stale");
  EXPECT_EQ(level_from_word("emergency"), Level::emergency);
  EXPECT_EQ(level_from_word("fatal"), std::nullopt);
  EXPECT_EQ(kind_from_word("deviation"), RuleKind::deviation);
}

}  // namespace
}  // namespace wl::alarm
