#include "alarm/core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarm/test_plant.hpp"

namespace wl::alarm {
namespace {

constexpr Order wang{"wang", ""};
const std::string power_key = "conveyor.power_kw:high:auto";

/// power_kw and status; the rest is calm.
std::vector<LiveValue> values(double power_kw, double status_code = 1) {
  return {good(power_kw), good(status_code), good(1), good(1)};
}

/// A core of the test plant that is shown a tick a second.
class Line {
 public:
  explicit Line(const std::vector<Rule>& rules, std::vector<AlarmRecord> saved = {},
                Now start = now(0))
      : core({}, check_rules(rules, test_plant()).accepted, std::move(saved), start), time(start) {}

  void ticks(int count, const std::vector<LiveValue>& shown, bool alive = true) {
    for (int i = 0; i < count; ++i) {
      time.wall += Milliseconds{1000};
      time.monotonic += Milliseconds{1000};
      core.on_values({shown, alive}, time);
      core.on_time(time);
    }
  }
  void rules(const std::vector<Rule>& changed) {
    core.replace_rules(check_rules(changed, test_plant()).accepted, time);
  }
  State state(const std::string& key = power_key) const {
    const AlarmRecord* record = core.book().find(key);
    return record ? record->state : State::normal;
  }

  Core core;
  Now time;
};

TEST(AlarmCore, three_ticks_above_the_limit_raise_with_the_level_of_the_excess) {
  Line line{{high_rule(10)}};

  line.ticks(2, values(15));
  EXPECT_EQ(line.core.take_output().changes.size(), 0U);
  line.ticks(1, values(15));

  const Output output = line.core.take_output();
  ASSERT_EQ(output.changes.size(), 1U);
  ASSERT_EQ(output.wishes.size(), 1U);
  const AlarmRecord& record = output.changes[0].record;
  EXPECT_EQ(record.id, 1U);
  EXPECT_EQ(record.timestamp, at(3000));
  EXPECT_EQ(record.device, "conveyor");
  EXPECT_EQ(record.parameter, "power_kw");
  EXPECT_EQ(record.alarm_type, "power_kw_threshold");
  EXPECT_EQ(record.level, Level::emergency);
  EXPECT_EQ(record.threshold_value, 10);
  EXPECT_EQ(record.actual_value, 15);
  EXPECT_EQ(record.state, State::active_unacked);
  EXPECT_EQ(output.wishes[0].record, record);
}

TEST(AlarmCore, several_rules_watch_one_point_and_several_points) {
  Rule warn = high_rule(3);
  warn.level = Level::warning;
  Rule crit = high_rule(4);
  crit.level = Level::critical;
  Line line{{rule_of(RuleKind::state, "status", 2), crit, warn}};

  line.ticks(3, values(3.5, 2));

  EXPECT_EQ(line.state("conveyor.power_kw:high:warning"), State::active_unacked);
  EXPECT_EQ(line.state("conveyor.power_kw:high:critical"), State::normal);
  EXPECT_EQ(line.state("conveyor.status:state:auto"), State::active_unacked);
}

TEST(AlarmCore, behind_a_dead_link_nothing_is_raised_and_no_time_passes) {
  Rule delayed = high_rule(3);
  delayed.on_delay = std::chrono::seconds(60);
  Line line{
      {delayed, rule_of(RuleKind::stale, "status", 10), rule_of(RuleKind::quality, "speed", 0)}};
  const std::vector<LiveValue> dead{bad(9), bad(1), bad(1), bad(1)};
  line.ticks(5, values(9));

  line.ticks(600, dead, false);
  line.ticks(4, values(9));

  EXPECT_EQ(line.core.take_output().changes.size(), 0U);
  line.ticks(3, values(9));
  EXPECT_EQ(line.state("conveyor.status:stale:auto"), State::normal);
}

TEST(AlarmCore, an_unchanged_rule_keeps_its_run_when_rules_are_replaced) {
  Line line{{high_rule(10)}};
  line.ticks(2, values(15));

  line.rules({high_rule(10), rule_of(RuleKind::state, "status", 2)});
  line.ticks(1, values(15));

  EXPECT_EQ(line.state(), State::active_unacked);
  EXPECT_EQ(line.core.rules_watched(), 2U);
}

TEST(AlarmCore, a_changed_rule_keeps_its_alarm_until_values_say_otherwise) {
  Line line{{high_rule(10)}};
  line.ticks(3, values(15));
  ASSERT_TRUE(line.core.acknowledge(1, wang, line.time));

  line.rules({high_rule(20)});
  EXPECT_EQ(line.state(), State::active_acked);
  line.ticks(3, values(15));

  EXPECT_EQ(line.state(), State::normal);
}

TEST(AlarmCore, a_disabled_rule_is_out_of_service_and_starts_afresh_when_enabled) {
  Rule off = high_rule(10);
  off.enabled = false;
  Line line{{high_rule(10)}};
  line.ticks(3, values(15));

  line.rules({off});
  line.ticks(9, values(15));
  EXPECT_EQ(line.state(), State::out_of_service);
  EXPECT_EQ(line.core.facts().out_of_service, 1);

  line.rules({high_rule(10)});
  EXPECT_EQ(line.state(), State::normal);
  line.ticks(3, values(15));
  EXPECT_EQ(line.state(), State::active_unacked);
}

TEST(AlarmCore, a_deleted_rule_ends_its_alarm) {
  Line line{{high_rule(10)}};
  line.ticks(3, values(15));

  line.rules({});

  EXPECT_EQ(line.core.book().find(power_key), nullptr);
  EXPECT_EQ(line.core.facts().unacknowledged, 0);
}

TEST(AlarmCore, after_a_restart_an_alarm_is_what_it_was_and_announced_once) {
  Line before{{high_rule(10)}};
  before.ticks(3, values(15));
  ASSERT_TRUE(before.core.acknowledge(1, wang, before.time));

  Line after{{high_rule(10)}, before.core.book().not_normal(), now(60'000)};
  after.ticks(30, values(15));

  EXPECT_EQ(after.state(), State::active_acked);
  const Output output = after.core.take_output();
  EXPECT_EQ(output.changes.size(), 0U);
  EXPECT_EQ(output.wishes.size(), 0U);
  after.ticks(3, values(1));
  EXPECT_EQ(after.state(), State::normal);
}

TEST(AlarmCore, after_a_restart_the_window_still_holds_and_ids_go_on) {
  Line before{{high_rule(10)}};
  before.ticks(3, values(15));
  before.ticks(3, values(1));

  Line after{{high_rule(10)}, before.core.book().not_normal(), now(60'000)};
  after.ticks(3, values(15));

  const Output output = after.core.take_output();
  EXPECT_EQ(output.wishes.size(), 0U);
  EXPECT_EQ(after.core.book().find(power_key)->suppressed_count, 1U);
  after.ticks(600, values(15));
  EXPECT_EQ(after.core.take_output().wishes.size(), 1U);
  after.core.on_condition({MessageKey::link_lost, "", true}, after.time);
  EXPECT_EQ(after.core.book().find("system:link_lost:")->id, 2U);
}

TEST(AlarmCore, a_shelving_whose_end_passed_while_we_were_down_ends_at_once) {
  Line before{{high_rule(10)}};
  before.ticks(3, values(15));
  ASSERT_TRUE(before.core.shelve(1, std::chrono::minutes(5), wang, before.time));
  const auto saved = before.core.book().not_normal();

  Line early{{high_rule(10)}, saved, now(60'000)};
  early.ticks(1, values(15));
  Line late{{high_rule(10)}, saved, now(3'600'000)};
  late.ticks(1, values(15));

  EXPECT_EQ(early.state(), State::shelved);
  EXPECT_EQ(late.state(), State::active_unacked);
}

TEST(AlarmCore, the_window_of_the_row_before_holds_over_a_restart_too) {
  Line before{{high_rule(10)}};
  before.ticks(3, values(15));
  ASSERT_TRUE(before.core.acknowledge(1, wang, before.time));
  before.ticks(3, values(1));
  before.ticks(3, values(15));
  ASSERT_EQ(before.core.book().find(power_key)->id, 2U);
  ASSERT_EQ(before.core.take_output().wishes.size(), 2U);

  Line after{{high_rule(10)}, before.core.book().not_normal(), now(20'000)};
  after.ticks(3, values(1));
  after.ticks(3, values(15));

  EXPECT_EQ(after.core.take_output().wishes.size(), 0U);
}

TEST(AlarmCore, what_was_hidden_without_a_row_is_no_row_after_a_restart) {
  Line before{{high_rule(10)}};
  before.core.suppress(high_rule(10), Book::Hide::yes, before.time);
  ASSERT_EQ(before.state(), State::suppressed);

  Line after{{high_rule(10)}, before.core.book().not_normal(), now(60'000)};
  after.ticks(3, values(15));

  EXPECT_EQ(after.state(), State::active_unacked);
  EXPECT_EQ(after.core.acknowledge(0, wang, after.time).error().code, Errc::not_found);
}

TEST(AlarmCore, one_hidden_by_logic_before_a_restart_is_seen_until_logic_hides_it_again) {
  Line before{{high_rule(10)}};
  before.ticks(3, values(15));
  before.core.suppress(high_rule(10), Book::Hide::yes, before.time);

  Line after{{high_rule(10)}, before.core.book().not_normal(), now(60'000)};
  EXPECT_EQ(after.state(), State::active_unacked);
  EXPECT_EQ(after.core.take_output().wishes.size(), 0U);

  after.core.suppress(high_rule(10), Book::Hide::yes, after.time);
  EXPECT_EQ(after.state(), State::suppressed);
}

TEST(AlarmCore, a_shelving_ends_on_time_after_a_restart_whatever_the_monotonic_clock_counts_from) {
  Line before{{high_rule(10)}};
  before.ticks(3, values(15));
  ASSERT_TRUE(before.core.shelve(1, std::chrono::minutes(5), wang, before.time));

  Line after{
      {high_rule(10)}, before.core.book().not_normal(), {at(60'000), Milliseconds{9'000'000}}};
  after.ticks(242, values(15));
  EXPECT_EQ(after.state(), State::shelved);
  after.ticks(1, values(15));

  EXPECT_EQ(after.state(), State::active_unacked);
}

TEST(AlarmCore, a_saved_alarm_without_a_rule_ends) {
  Line before{{high_rule(10)}};
  before.ticks(3, values(15));

  Line after{{}, before.core.book().not_normal(), now(60'000)};

  const Output output = after.core.take_output();
  ASSERT_EQ(output.changes.size(), 1U);
  EXPECT_EQ(output.changes[0].record.id, 1U);
  EXPECT_EQ(output.changes[0].to, State::normal);
}

TEST(AlarmCore, a_condition_said_again_counts_once_and_each_subject_is_its_own) {
  Line line{{}};
  Condition expiring{MessageKey::certificate_expiring, "gateway", true, Level::warning, 30, 12};

  line.core.on_condition(expiring, line.time);
  line.core.on_condition(expiring, line.time);
  expiring.subject = "web";
  line.core.on_condition(expiring, line.time);
  expiring.level = Level::critical;
  line.core.on_condition(expiring, line.time);
  expiring.active = false;
  line.core.on_condition(expiring, line.time);

  const Output output = line.core.take_output();
  ASSERT_EQ(output.changes.size(), 4U);
  EXPECT_EQ(output.changes[0].record.alarm_type, "certificate_expiring");
  EXPECT_EQ(output.changes[0].record.device, "system");
  EXPECT_EQ(output.changes[2].event, Event::escalate);
  EXPECT_EQ(line.state("system:certificate_expiring:gateway"), State::active_unacked);
  EXPECT_EQ(line.state("system:certificate_expiring:web"), State::cleared_unacked);
}

TEST(AlarmCore, points_beyond_the_values_are_not_looked_at) {
  Line line{{high_rule(10), rule_of(RuleKind::low, "speed", 2)}};

  line.ticks(3, {good(15)});

  EXPECT_EQ(line.core.facts().active, 1);
}

// ---- Floods -------------------------------------------------------------------------------------

constexpr std::size_t many = 10'000;

Plant plant_of_many() {
  Plant plant;
  plant.devices.push_back({.id = "d", .name = {}, .description = {}, .type = "line"});
  for (std::size_t i = 0; i < many; ++i) {
    PointSpec spec;
    spec.name = "p" + std::to_string(i);
    spec.key = "d." + spec.name;
    plant.points.push_back(std::move(spec));
  }
  return plant;
}

std::vector<CheckedRule> rules_of_many() {
  std::vector<CheckedRule> rules;
  for (std::size_t i = 0; i < many; ++i) {
    Rule rule = high_rule(10);
    rule.device = "d";
    rule.parameter = "p" + std::to_string(i);
    rules.push_back({rule, PointId{static_cast<std::uint32_t>(i)}, std::nullopt});
  }
  return rules;
}

TEST(AlarmCore, ten_thousand_alarms_in_one_tick_are_all_recorded_and_make_one_flood) {
  Core core{{}, rules_of_many(), {}, now(0)};
  const std::vector<LiveValue> high(many, good(15));
  core.on_values({high, true}, now(1000));
  core.on_values({high, true}, now(2000));

  core.on_values({high, true}, now(3000));

  const Output output = core.take_output();
  EXPECT_EQ(output.changes.size(), many);
  EXPECT_EQ(output.changes.back().record.id, many);
  EXPECT_EQ(std::ranges::count(output.wishes, Wish::Reason::flood_started, &Wish::reason), 1);
  EXPECT_EQ(std::ranges::count(output.wishes, true, &Wish::in_flood), many - 10 + 1);
  EXPECT_TRUE(core.facts().flood);
  EXPECT_EQ(core.facts().unacknowledged, static_cast<int>(many));

  core.on_time(now(603'001));
  const Output calm = core.take_output();
  ASSERT_EQ(calm.wishes.size(), 1U);
  EXPECT_EQ(calm.wishes[0].reason, Wish::Reason::flood_ended);
  EXPECT_EQ(calm.wishes[0].raises, many);
  EXPECT_FALSE(core.facts().flood);
}

TEST(AlarmCore, ten_alarms_in_ten_minutes_are_no_flood) {
  Core core{{}, rules_of_many(), {}, now(0)};
  std::vector<LiveValue> shown(many, good(1));
  std::fill_n(shown.begin(), 10, good(15));

  core.on_values({shown, true}, now(1000));
  core.on_values({shown, true}, now(2000));
  core.on_values({shown, true}, now(3000));

  EXPECT_EQ(core.facts().active, 10);
  EXPECT_FALSE(core.facts().flood);
}

TEST(AlarmCore, plant_of_many_accepts_such_rules) {
  EXPECT_TRUE(check_rule(rules_of_many().back().rule, plant_of_many()));
}

}  // namespace
}  // namespace wl::alarm
