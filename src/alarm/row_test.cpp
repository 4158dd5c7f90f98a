#include "alarm/row.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarm/test_plant.hpp"

namespace wl::alarm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Every member differs from that of an empty record, so that a forgotten one shows.
AlarmRecord full_record() {
  AlarmRecord record;
  record.id = 7;
  record.key = "conveyor.power_kw:high:auto";
  record.timestamp = at(1);
  record.device = "conveyor";
  record.parameter = "power_kw";
  record.alarm_type = "power_kw_threshold";
  record.message = MessageKey::low;
  record.level = Level::critical;
  record.threshold_value = 3;
  record.actual_value = 4.5;
  record.state = State::shelved;
  record.active = true;
  record.cleared_at = at(2);
  record.acknowledged = true;
  record.acknowledged_by = "li";
  record.acknowledged_at = at(3);
  record.note = "已派人";
  record.shelved_by = "wang";
  record.shelved_until = at(4);
  record.raise_count = 5;
  record.suppressed_count = 6;
  record.announced_at = at(7);
  record.announced_level = Level::emergency;
  record.announced = true;
  record.chattering = true;
  record.superseded_by = 8;
  return record;
}

Rule full_rule() {
  Rule rule = rule_of(RuleKind::deviation, "speed", 0.5);
  rule.level = Level::emergency;
  rule.hysteresis = 0.1;
  rule.on_delay = Milliseconds{2000};
  rule.off_delay = Milliseconds{3000};
  rule.setpoint_parameter = "speed_setpoint";
  rule.setpoint = 1.5;
  rule.enabled = false;
  return rule;
}

TEST(Row, an_alarm_comes_back_from_its_row_as_it_was) {
  const AlarmRow row = row_of(full_record(), test_plant());

  EXPECT_EQ(record_of(row).value(), full_record());
}

TEST(Row, the_message_of_an_alarm_is_in_both_languages) {
  AlarmRecord record = full_record();
  record.message = MessageKey::high;

  EXPECT_EQ(row_of(record, test_plant()).message,
            "上料传送带 power_kw 为 4.5 kW，高于上限 3 kW / "
            "Infeed conveyor: power_kw is 4.5 kW, above the limit 3 kW");
}

TEST(Row, an_alarm_row_that_cannot_be_understood_names_row_and_column) {
  AlarmRow row = row_of(full_record(), test_plant());
  row.state = "asleep";

  const auto record = record_of(row);

  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code, Errc::corrupt);
  EXPECT_THAT(record.error().what, HasSubstr("table alarms, row 7, column state: 'asleep'"));
}

TEST(Row, a_change_becomes_a_line_of_the_journal) {
  const Change change{9,    Event::acknowledge, State::active_unacked, State::active_acked, at(5),
                      "li", full_record()};

  const AlarmJournalRow row = journal_row_of(change);

  const AlarmJournalRow wanted{.seq = 9,
                               .alarm_id = 7,
                               .key = "conveyor.power_kw:high:auto",
                               .at = at(5),
                               .event = "acknowledge",
                               .from_state = "active_unacked",
                               .to_state = "active_acked",
                               .by = "li",
                               .alarm_level = "critical",
                               .note = "已派人"};
  EXPECT_EQ(row, wanted);
}

TEST(Row, the_note_of_an_earlier_order_is_not_said_again_by_the_plant) {
  const Change change{10,    Event::clear, State::active_acked, State::normal,
                      at(6), "",           full_record()};

  EXPECT_EQ(journal_row_of(change).note, "");
}

TEST(Row, a_rule_comes_back_from_its_row_as_it_was) {
  EXPECT_EQ(rule_of(row_of(full_rule())).value(), full_rule());
  EXPECT_EQ(rule_of(row_of(high_rule(3))).value(), high_rule(3));
}

TEST(Row, a_limit_has_its_direction_in_a_column_of_its_own) {
  const ThresholdRow low = row_of(rule_of(RuleKind::low, "speed", 1));

  EXPECT_EQ(low.kind, "limit");
  EXPECT_EQ(low.direction, "low");
  EXPECT_EQ(rule_of(low)->kind, RuleKind::low);
}

TEST(Row, a_threshold_that_cannot_be_understood_names_row_and_column) {
  ThresholdRow row = row_of(high_rule(3));
  row.id = 4;
  const auto error_with = [&row](std::string ThresholdRow::*column, const std::string& text) {
    ThresholdRow wrong = row;
    wrong.*column = text;
    const auto rule = rule_of(wrong);
    return rule ? "" : rule.error().what;
  };

  EXPECT_THAT(error_with(&ThresholdRow::kind, "peak"), HasSubstr("row 4, column kind: 'peak'"));
  EXPECT_THAT(error_with(&ThresholdRow::kind, "low"), HasSubstr("column kind: 'low'"));
  EXPECT_THAT(error_with(&ThresholdRow::direction, "up"), HasSubstr("column direction: 'up'"));
  EXPECT_THAT(error_with(&ThresholdRow::alarm_level, "red"), HasSubstr("column alarm_level"));
}

TEST(Row, only_a_limit_has_a_direction_other_than_high) {
  ThresholdRow row = row_of(rule_of(RuleKind::rate, "speed", 1));
  row.direction = "low";

  EXPECT_FALSE(rule_of(row));
}

TEST(Row, a_wrong_threshold_does_not_cost_the_others) {
  std::vector<ThresholdRow> rows(4, row_of(high_rule(3)));
  rows[0].kind = "peak";
  rows[1].device_id = "robot";
  rows[3].alarm_level = "critical";

  const UsableRules usable = usable_rules(rows, test_plant());

  EXPECT_THAT(usable.rules, SizeIs(2));
  EXPECT_THAT(usable.refused,
              ElementsAre(HasSubstr("column kind"), HasSubstr("no device 'robot'")));
}

}  // namespace
}  // namespace wl::alarm
