#include "collector/desk/alarm_desk.hpp"

#include <gmock/gmock.h>

#include <array>

#include "collector/desk/desk_rig.hpp"

namespace wl::collector {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = LiveOrder::Kind;

TEST(AlarmDesk, a_value_above_its_limit_three_times_in_a_row_is_an_alarm) {
  DeskRig rig;
  rig.values[rig_power.value].value = 3.4;

  EXPECT_THAT(rig.seconds(2).news.rows, IsEmpty());
  rig.seconds(1);

  ASSERT_EQ(rig.news.rows.size(), 1u);
  EXPECT_EQ(rig.news.rows[0].id, 1u);
  EXPECT_EQ(rig.news.rows[0].state, "active_unacked");
  EXPECT_EQ(rig.news.rows[0].actual_value, 3.4);
  EXPECT_THAT(rig.events(), ElementsAre("raise"));
  ASSERT_TRUE(rig.news.live);
  EXPECT_EQ(rig.news.live->alarms[0].event, "raise");
  EXPECT_EQ(rig.news.live->alarm_counts->unacknowledged, 1);
}

TEST(AlarmDesk, a_quiet_tick_makes_no_news) {
  DeskRig rig;
  rig.seconds(5);
  rig.news = {};

  rig.seconds(5);

  EXPECT_TRUE(rig.news.empty());
  EXPECT_FALSE(rig.news.live);
}

TEST(AlarmDesk, an_acknowledgement_changes_the_row_and_is_answered_to_its_reader) {
  DeskRig rig;
  rig.overload();

  const LiveAnswer answer = rig.order(Kind::acknowledge, {1});

  EXPECT_FALSE(answer.error);
  EXPECT_EQ(answer.ref, 1u);
  ASSERT_EQ(answer.alarms.size(), 1u);
  EXPECT_EQ(answer.alarms[0].state, "active_acked");
  EXPECT_EQ(answer.alarms[0].acknowledged_by, "wang");
  EXPECT_EQ(rig.news.rows.back(), answer.alarms[0]);
  EXPECT_THAT(rig.events(), ElementsAre("raise", "acknowledge"));
}

TEST(AlarmDesk, of_several_alarms_each_is_done_or_refused_by_itself) {
  DeskRig rig;
  rig.overload();

  const LiveAnswer answer = rig.order(Kind::acknowledge, {9, 1});

  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->code, Errc::not_found);
  EXPECT_EQ(answer.alarms.size(), 1u);
  ASSERT_EQ(answer.refused.size(), 1u);
  EXPECT_EQ(answer.refused[0].id, 9u);
}

TEST(AlarmDesk, a_second_acknowledgement_is_a_conflict_that_says_by_whom) {
  DeskRig rig;
  rig.overload();
  rig.order(Kind::acknowledge, {1});

  const LiveAnswer answer = rig.order(Kind::acknowledge, {1});

  EXPECT_EQ(answer.error->code, Errc::conflict);
  EXPECT_THAT(answer.error->what, HasSubstr("wang"));
}

TEST(AlarmDesk, a_shelved_alarm_is_hidden_until_its_end_and_can_be_shown_before) {
  DeskRig rig;
  rig.overload();

  EXPECT_EQ(rig.order(Kind::shelve, {1}, 1).alarms[0].state, "shelved");
  rig.seconds(59);
  EXPECT_EQ(rig.state(rig_alarm), "shelved");
  rig.seconds(1);
  EXPECT_EQ(rig.state(rig_alarm), "active_unacked");
  rig.order(Kind::shelve, {1}, 30);
  EXPECT_EQ(rig.order(Kind::unshelve, {1}).alarms[0].state, "active_unacked");
}

TEST(AlarmDesk, a_changed_rule_counts_from_the_next_tick_on) {
  DeskRig rig;
  rig.values[rig_power.value].value = 2.5;
  rig.seconds(3);

  rig.desk.on_database({.rules = {rig_rule("conveyor", 2)}, .open = {}}, rig.now());
  rig.seconds(3);

  EXPECT_EQ(rig.state(rig_alarm), "active_unacked");
}

TEST(AlarmDesk, an_unchanged_rule_keeps_its_counts_when_others_change) {
  DeskRig rig;
  rig.values[rig_power.value].value = 3.4;
  rig.seconds(2);

  rig.desk.on_database({.rules = {rig_rule("conveyor", 3), rig_rule("press", 5)}, .open = {}},
                       rig.now());
  rig.seconds(1);

  EXPECT_EQ(rig.state(rig_alarm), "active_unacked");
}

TEST(AlarmDesk, a_rule_that_the_plant_cannot_have_is_named_once_and_does_not_cost_the_others) {
  DeskRig rig;
  const std::vector<ThresholdRow> rules{rig_rule("oven", 3), rig_rule("conveyor", 3)};

  rig.desk.on_database({.rules = rules, .open = {}}, rig.now());
  rig.desk.on_database({.rules = rules, .open = {}}, rig.now());
  rig.take();

  EXPECT_THAT(rig.news.notices,
              ElementsAre(HasSubstr("no device 'oven'"), HasSubstr("rules in force: 1")));
  EXPECT_THAT(rig.desk.figures().rules_refused, ElementsAre(HasSubstr("oven")));
  EXPECT_EQ(rig.desk.figures().rules_in_force, 1u);
}

TEST(AlarmDesk, while_the_database_is_away_the_rules_stay_in_force) {
  DeskRig rig;

  rig.desk.on_database_away("connection refused", rig.now());
  rig.overload();

  EXPECT_EQ(rig.state(rig_alarm), "active_unacked");
  EXPECT_EQ(rig.desk.figures().rules_error, "connection refused");
}

TEST(AlarmDesk, rules_changed_is_answered_when_the_rules_were_read) {
  DeskRig rig;
  rig.news.read_database = false;

  EXPECT_EQ(rig.order(Kind::rules_changed, {}).error->what, "none");
  EXPECT_TRUE(rig.news.read_database);
  rig.desk.on_database({.rules = {}, .open = {}}, rig.now());
  rig.take();

  ASSERT_EQ(rig.news.answers.size(), 1u);
  EXPECT_FALSE(rig.news.answers[0].answer.error);
}

TEST(AlarmDesk, rules_changed_is_refused_when_the_database_is_away) {
  DeskRig rig;
  rig.order(Kind::rules_changed, {});

  rig.desk.on_database_away("connection refused", rig.now());
  rig.take();

  ASSERT_EQ(rig.news.answers.size(), 1u);
  EXPECT_EQ(rig.news.answers[0].answer.error->code, Errc::unavailable);
}

TEST(AlarmDesk, the_rules_are_read_at_the_start_and_every_minute) {
  DeskRig rig;
  rig.seconds(1);
  rig.news.read_database = false;

  rig.seconds(59);
  EXPECT_FALSE(rig.news.read_database);
  rig.seconds(2);

  EXPECT_TRUE(rig.news.read_database);
}

TEST(AlarmDesk, an_alarm_goes_on_after_a_restart_and_is_not_announced_again) {
  DeskRig before;
  before.overload();
  before.order(Kind::acknowledge, {1});

  DeskRig after = before.restarted();
  after.overload();

  EXPECT_EQ(after.state(rig_alarm), "active_acked");
  EXPECT_EQ(after.wishes(), before.wishes());
  EXPECT_THAT(after.events(), IsEmpty());
}

TEST(AlarmDesk, what_is_not_normal_is_among_the_first_rows_after_a_restart) {
  DeskRig before;
  before.overload();

  const DeskRig after = before.restarted();

  ASSERT_EQ(after.news.rows.size(), 1u);
  EXPECT_EQ(after.news.rows[0], before.news.rows.back());
}

TEST(AlarmDesk, an_acknowledgement_that_ended_an_alarm_is_among_the_first_rows_after_a_restart) {
  DeskRig before;
  before.overload();
  before.values[rig_power.value].value = 1;
  before.seconds(400);  // Over, and the dedupe window too.
  before.order(Kind::acknowledge, {1});

  const DeskRig after = before.restarted();

  ASSERT_EQ(after.news.rows.size(), 1u);
  EXPECT_EQ(after.news.rows[0].state, "normal");
  EXPECT_EQ(after.news.rows[0].acknowledged_by, "wang");
}

TEST(AlarmDesk, a_number_is_never_used_again_after_a_restart) {
  DeskRig before;
  before.overload();
  before.order(Kind::acknowledge, {1});
  before.values[rig_power.value].value = 1;
  before.seconds(400);  // Normal, and out of the dedupe window: it is not saved.

  DeskRig after = before.restarted();
  after.overload();

  EXPECT_EQ(after.news.rows.back().id, 2u);
}

TEST(AlarmDesk, the_dedupe_window_holds_over_a_restart) {
  DeskRig before;
  before.overload();
  before.order(Kind::acknowledge, {1});
  before.values[rig_power.value].value = 1;
  before.seconds(5);

  DeskRig after = before.restarted();
  after.overload();

  EXPECT_EQ(after.state(rig_alarm), "active_unacked");
  EXPECT_EQ(after.wishes(), before.wishes());
}

TEST(AlarmDesk, on_the_first_start_it_waits_for_the_database) {
  DeskRig rig{std::nullopt};
  rig.seconds(5);

  EXPECT_EQ(rig.order(Kind::acknowledge, {1}).error->code, Errc::unavailable);
  rig.desk.on_database({.rules = {rig_rule("conveyor", 3)}, .open = {}, .greatest_id = 41},
                       rig.now());
  rig.overload();

  EXPECT_EQ(rig.news.rows.back().id, 42u);
}

TEST(AlarmDesk, a_lost_memory_is_made_good_from_the_database) {
  DeskRig before;
  before.overload();
  before.order(Kind::acknowledge, {1});
  DeskRig rig{std::nullopt, 60};

  rig.desk.on_database(
      {.rules = {rig_rule("conveyor", 3)}, .open = before.news.rows, .greatest_id = 1}, rig.now());
  rig.take();

  EXPECT_EQ(rig.state(rig_alarm), "active_acked");
  EXPECT_EQ(rig.wishes(), 0u);
}

TEST(AlarmDesk, with_neither_memory_nor_database_it_begins_after_10_seconds) {
  DeskRig rig{std::nullopt};
  rig.link_alive = false;

  rig.seconds(25);

  EXPECT_EQ(rig.state("system:link_lost:"), "active_unacked");
  EXPECT_GT(rig.news.rows.back().id, 1'600'000'000u);  // From the clock: nobody used those.
  EXPECT_THAT(rig.news.notices, ElementsAre(HasSubstr("begin anew")));
}

TEST(AlarmDesk, what_it_raised_meanwhile_stands_when_the_database_comes) {
  DeskRig rig{std::nullopt};
  rig.link_alive = false;
  rig.seconds(25);
  const AlarmRow raised = rig.news.rows.back();
  AlarmRow older = raised;
  older.id = 7;

  rig.desk.on_database({.rules = {rig_rule("conveyor", 3)}, .open = {older}, .greatest_id = 7},
                       rig.now());
  rig.news.rows.clear();
  rig.take();

  ASSERT_EQ(rig.news.rows.size(), 2u);
  EXPECT_EQ(rig.news.rows[0].state, "normal");
  EXPECT_EQ(rig.news.rows[0].superseded_by, raised.id);
  EXPECT_EQ(rig.news.rows[1].state, "active_unacked");
}

TEST(AlarmDesk, an_alarm_that_only_the_database_takes_for_active_is_ended_there) {
  DeskRig other;
  other.overload();
  AlarmRow ghost = other.news.rows.back();
  ghost.id = 5;
  DeskRig rig;

  rig.desk.on_database({.rules = {rig_rule("conveyor", 3)}, .open = {ghost}, .greatest_id = 5},
                       rig.now());
  rig.take();

  ASSERT_EQ(rig.news.rows.size(), 1u);
  EXPECT_EQ(rig.news.rows[0].state, "normal");
  EXPECT_EQ(rig.news.rows[0].cleared_at, rig.now().wall);
}

TEST(AlarmDesk, what_may_still_be_in_the_spool_is_not_ended_in_the_database) {
  DeskRig other;
  other.overload();
  AlarmRow lagging = other.news.rows.back();
  lagging.id = 5;
  DeskRig rig;
  const AlarmsInDatabase database{
      .rules = {rig_rule("conveyor", 3)}, .open = {lagging}, .greatest_id = 5};

  rig.desk.on_forward({.earlier_stored = false});
  rig.seconds(1);
  rig.desk.on_database(database, rig.now());
  rig.take();
  EXPECT_THAT(rig.news.rows, IsEmpty());

  rig.news.read_database = false;
  rig.desk.on_forward({.earlier_stored = true});
  rig.seconds(1);
  EXPECT_TRUE(rig.news.read_database);
  rig.desk.on_database(database, rig.now());
  rig.take();
  ASSERT_EQ(rig.news.rows.size(), 1u);
  EXPECT_EQ(rig.news.rows[0].state, "normal");
}

TEST(AlarmDesk, without_a_memory_it_waits_for_what_the_spool_still_holds) {
  DeskRig rig{std::nullopt};
  rig.desk.on_forward({.earlier_stored = false});
  rig.seconds(1);
  rig.desk.on_database({.rules = {rig_rule("conveyor", 3)}, .open = {}, .greatest_id = 5},
                       rig.now());
  EXPECT_EQ(rig.desk.core(), nullptr);

  rig.desk.on_forward({.earlier_stored = true});
  rig.seconds(1);
  rig.desk.on_database({.rules = {rig_rule("conveyor", 3)}, .open = {}, .greatest_id = 41},
                       rig.now());
  rig.overload();

  EXPECT_EQ(rig.news.rows.back().id, 42u);
}

TEST(AlarmDesk, changes_are_numbered_without_a_hole_also_when_it_began_twice) {
  DeskRig rig{std::nullopt};
  rig.link_alive = false;
  rig.seconds(25);
  rig.desk.on_database({.rules = {}, .open = {}, .greatest_id = 7}, rig.now());
  rig.link_alive = true;
  rig.seconds(3);

  ASSERT_EQ(rig.news.journal.size(), 2u);
  EXPECT_EQ(rig.news.journal[0].seq, 1u);
  EXPECT_EQ(rig.news.journal[1].seq, 2u);
}

TEST(AlarmDesk, behind_a_controller_that_is_down_its_alarms_are_hidden_and_those_of_others_not) {
  DeskRig rig{rig_memory({rig_rule("conveyor", 3), rig_rule("press", 3)})};
  rig.values[rig_other.value].value = 3.4;
  rig.overload();

  rig.values[rig_scan_count.value].quality = quality::bad_no_communication;
  rig.values[rig_boot_count.value].quality = quality::bad_no_communication;
  rig.seconds(5);

  EXPECT_EQ(rig.state(plc1_down), "active_unacked");
  EXPECT_EQ(rig.state(rig_alarm), "suppressed");
  EXPECT_EQ(rig.state("press.power_kw:high:critical"), "active_unacked");
}

TEST(AlarmDesk, when_the_controller_is_back_its_alarms_are_seen_again) {
  DeskRig rig;
  rig.overload();
  rig.scan_moves = false;
  rig.seconds(5);
  EXPECT_EQ(rig.state(rig_alarm), "suppressed");

  rig.scan_moves = true;
  rig.seconds(1);

  EXPECT_EQ(rig.state(plc1_down), "cleared_unacked");
  EXPECT_EQ(rig.state(rig_alarm), "active_unacked");
}

TEST(AlarmDesk, a_rule_that_comes_while_its_controller_is_down_is_hidden_too) {
  DeskRig rig;
  rig.scan_moves = false;
  rig.seconds(5);

  ThresholdRow quality_rule = rig_rule("conveyor", 0);
  quality_rule.kind = "quality";
  rig.desk.on_database({.rules = {quality_rule}, .open = {}}, rig.now());
  rig.values[rig_power.value].quality = quality::bad_no_communication;
  rig.seconds(5);

  EXPECT_EQ(rig.state("conveyor.power_kw:quality:critical"), "suppressed");
}

TEST(AlarmDesk, a_restart_while_the_controller_is_down_announces_nothing) {
  DeskRig before;
  before.overload();
  before.scan_moves = false;
  before.seconds(400);  // Beyond the dedupe window, so that nothing else holds it back.

  DeskRig after = before.restarted();
  after.values = before.values;
  after.values[rig_scan_count.value].quality = quality::bad_no_communication;
  after.values[rig_boot_count.value].quality = quality::bad_no_communication;
  after.scan_moves = false;
  after.seconds(5);

  EXPECT_EQ(after.state(plc1_down), "active_unacked");
  EXPECT_EQ(after.state(rig_alarm), "suppressed");
  EXPECT_EQ(after.wishes(), before.wishes());
}

TEST(AlarmDesk, a_letter_is_handed_out_once_and_only_when_the_memory_on_disk_knows_it) {
  DeskRig rig;
  rig.overload();
  EXPECT_THAT(rig.news.letters, IsEmpty());
  EXPECT_EQ(rig.desk.policy().letters().size(), 1u);

  rig.desk.on_remembered(rig.news.memory_number);
  rig.seconds(2);

  ASSERT_EQ(rig.news.letters.size(), 1u);
  EXPECT_EQ(rig.news.letters[0].lines[0].record.key, rig_alarm);
}

TEST(AlarmDesk, a_memory_that_the_disk_refused_is_brought_again) {
  DeskRig rig;
  rig.overload();
  rig.seconds(120);
  rig.news = rig.desk.take(rig_now(200));
  ASSERT_FALSE(rig.news.memory);

  rig.desk.on_not_remembered();
  rig.news = rig.desk.take(rig_now(200));

  EXPECT_TRUE(rig.news.memory);
}

TEST(AlarmDesk, a_letter_that_was_not_posted_comes_again_after_a_restart) {
  DeskRig before;
  before.overload();

  DeskRig after = before.restarted();
  after.desk.on_remembered(after.news.memory_number);
  after.seconds(1);

  ASSERT_EQ(after.news.letters.size(), 1u);
  EXPECT_EQ(after.news.letters[0].id, before.desk.policy().letters()[0].id);
}

TEST(AlarmDesk, a_letter_that_was_posted_does_not_come_again_after_a_restart) {
  DeskRig before;
  before.overload();
  before.desk.on_posted(before.desk.policy().letters()[0].id);
  before.seconds(1);

  DeskRig after = before.restarted();
  after.desk.on_remembered(after.news.memory_number);
  after.seconds(1);

  EXPECT_THAT(after.news.letters, IsEmpty());
}

TEST(AlarmDesk, ten_thousand_alarms_of_one_tick_are_all_told) {
  Plant plant;
  plant.devices.resize(1);
  plant.devices[0].id = "hall";
  std::vector<ThresholdRow> rules(10'000, rig_rule("hall", 3));
  plant.points.resize(2'500);
  const std::array<std::string, 4> levels{"", "warning", "critical", "emergency"};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    PointSpec& point = plant.points[i / 4];
    point.name = rules[i].parameter_name = "p" + std::to_string(i / 4);
    point.key = "hall." + point.name;
    rules[i].alarm_level = levels[i % 4];
  }
  AlarmDeskOptions options;
  options.core.counts = {1, 1};
  AlarmDesk desk{plant, options, rig_memory(rules), rig_now(0)};
  const std::vector<LiveValue> values(2'500, {4, quality::good, rig_now(1).wall});

  desk.on_tick({rig_now(1).wall, rig_now(1).monotonic, values, true, rig_now(1).wall});
  const AlarmNews news = desk.take(rig_now(1));

  EXPECT_EQ(news.rows.size(), 10'000u);
  EXPECT_EQ(news.journal.size(), 10'000u);
  EXPECT_EQ(decode_memory(news.memory.value())->records.size(), 10'000u);
}

}  // namespace
}  // namespace wl::collector
