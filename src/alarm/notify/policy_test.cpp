#include "alarm/notify/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarm/notify/test_news.hpp"

namespace wl::alarm::notify {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr Level warning = Level::warning;
constexpr Level critical = Level::critical;
constexpr Level emergency = Level::emergency;

// ---- One alarm --------------------------------------------------------------------------------

TEST(NotifyPolicy, a_raise_is_told_at_once) {
  Desk desk;
  desk.raise("x.power", warning, now(0));

  EXPECT_EQ(desk.letters(now(0)), "alarm:x.power/1");
  EXPECT_EQ(desk.last.level, warning);
  EXPECT_THAT(desk.last.by_device, ElementsAre(Pair("x", 1)));
}

TEST(NotifyPolicy, what_comes_within_the_rate_limit_is_one_letter_when_it_is_over) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.clear("x.power", warning, minute(3));
  desk.raise("x.power", warning, minute(5));
  desk.clear("x.power", warning, minute(6));
  desk.raise("x.power", warning, minute(9));

  EXPECT_EQ(desk.letters(now(15 * 60'000 - 1)), "");
  EXPECT_EQ(desk.policy.next_due(), Milliseconds(15 * 60'000));
  EXPECT_EQ(desk.letters(minute(15)), "alarm:x.power/4");
  EXPECT_EQ(desk.letters(minute(60)), "");
}

TEST(NotifyPolicy, another_alarm_does_not_wait_for_it) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.raise("x.power", warning, minute(1));
  desk.raise("y.power", warning, minute(1));

  EXPECT_EQ(desk.letters(minute(1)), "alarm:y.power/1");
}

TEST(NotifyPolicy, a_rate_limit_of_nothing_still_is_a_minute) {
  Desk desk({.rate_limit = Milliseconds{}});
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.raise("x.power", warning, now(1000));

  EXPECT_EQ(desk.letters(now(59'999)), "");
  EXPECT_EQ(desk.letters(now(60'000)), "alarm:x.power/1");
}

TEST(NotifyPolicy, a_higher_level_waits_for_a_minute_only) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.wish(Reason::level_raised, row("x.power", emergency, State::active_unacked), now(10'000));

  EXPECT_EQ(desk.letters(now(59'999)), "");
  EXPECT_EQ(desk.letters(minute(1)), "alarm:x.power/1");
  EXPECT_EQ(desk.last.level, emergency);
}

TEST(NotifyPolicy, the_annunciations_that_the_window_held_back_are_counted) {
  Desk desk;
  Output output;
  output.wishes.push_back({Reason::raised, at(0), row("x.power", warning, State::active_unacked)});
  output.wishes.back().suppressed = 7;
  desk.policy.on_output(output, {}, now(0));
  desk.letters(now(0));

  EXPECT_EQ(desk.last.lines.at(0).suppressed, 7u);
}

// ---- Return to normal -------------------------------------------------------------------------

TEST(NotifyPolicy, the_return_is_told_when_the_raise_was) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.clear("x.power", warning, minute(20));

  EXPECT_EQ(desk.letters(minute(20)), "returned:x.power/1");
  EXPECT_EQ(desk.last.returned, 1u);
}

TEST(NotifyPolicy, a_return_of_what_was_never_told_is_settled_and_said_in_the_next_letter) {
  Desk desk;
  desk.clear("x.power", warning, now(0));
  EXPECT_EQ(desk.letters(minute(60)), "");

  desk.raise("y.power", warning, minute(61));
  desk.letters(minute(61));

  EXPECT_EQ(desk.last.settled, 1u);
  EXPECT_EQ(desk.policy.account(), (Account{2, 1, 1, 0}));
}

TEST(NotifyPolicy, an_alarm_that_came_and_went_before_it_was_due_is_told_as_over) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.clear("x.power", warning, minute(15));
  EXPECT_EQ(desk.letters(minute(15)), "returned:x.power/1");
  desk.raise("x.power", warning, minute(16));
  desk.clear("x.power", warning, minute(17));

  EXPECT_EQ(desk.letters(minute(30)), "alarm:x.power/2");
  EXPECT_EQ(desk.last.returned, 1u);
}

TEST(NotifyPolicy, what_a_person_has_in_hand_waits_for_its_end) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.raise("x.power", warning, minute(5));
  desk.acknowledge("x.power", warning, minute(6));
  EXPECT_EQ(desk.letters(minute(40)), "");

  desk.clear("x.power", warning, minute(50));

  EXPECT_EQ(desk.letters(minute(50)), "returned:x.power/2");
}

TEST(NotifyPolicy, what_ends_in_the_hands_of_a_person_before_it_was_told_is_settled) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.clear("x.power", warning, minute(15));
  desk.letters(minute(15));
  desk.raise("x.power", warning, minute(16));
  desk.acknowledge("x.power", warning, minute(17));
  desk.clear("x.power", warning, minute(18));

  EXPECT_EQ(desk.letters(minute(60)), "");
  EXPECT_EQ(desk.policy.account(), (Account{4, 2, 2, 0}));
}

TEST(NotifyPolicy, what_ends_while_it_is_hidden_is_settled) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));
  desk.raise("x.power", warning, minute(1));
  AlarmRecord hidden = row("x.power", warning, State::shelved);
  desk.change(Event::clear, hidden, minute(2));

  EXPECT_EQ(desk.letters(minute(60)), "");
  EXPECT_EQ(desk.policy.account(), (Account{2, 1, 1, 0}));
}

// ---- Storms -----------------------------------------------------------------------------------

TEST(NotifyPolicy, ten_alarms_in_a_minute_are_ten_letters) {
  Desk desk;
  desk.storm(10, warning, now(0));
  desk.policy.on_time(now(0));

  EXPECT_EQ(desk.policy.letters().size(), 10u);
}

TEST(NotifyPolicy, eleven_are_one_digest_after_some_seconds) {
  Desk desk;
  desk.storm(11, warning, now(0));

  EXPECT_EQ(desk.letters(now(4999)), "");
  EXPECT_EQ(desk.letters(now(5000)), "digest:a0.power/11");
  EXPECT_EQ(desk.last.lines.size(), 11u);
}

TEST(NotifyPolicy, a_digest_counts_all_and_names_twenty) {
  Desk desk;
  desk.storm(300, warning, now(0));
  desk.letters(now(5000));

  EXPECT_EQ(desk.last.alarms, 300u);
  EXPECT_EQ(desk.last.lines.size(), 20u);
  EXPECT_THAT(desk.last.by_level, ElementsAre(300, 0, 0));
  EXPECT_EQ(desk.last.by_device.size(), 51u);
  EXPECT_EQ(desk.last.by_device.at(""), 250u);
}

TEST(NotifyPolicy, a_critical_alarm_does_not_wait_for_the_digest_of_warnings) {
  Desk desk;
  desk.storm(50, warning, now(0));
  desk.raise("x.power", critical, now(1));

  EXPECT_EQ(desk.letters(now(1)), "alarm:x.power/1");
  EXPECT_EQ(desk.letters(now(5000)), "digest:a0.power/50");
}

TEST(NotifyPolicy, an_alarm_that_turns_critical_leaves_the_digest_of_warnings) {
  Desk desk;
  desk.storm(50, warning, now(0));
  desk.raise("a7.power", critical, now(1));

  EXPECT_EQ(desk.letters(now(1)), "alarm:a7.power/2");
  EXPECT_EQ(desk.letters(now(5000)), "digest:a0.power/49");
}

TEST(NotifyPolicy, a_storm_of_critical_alarms_is_a_digest_of_its_own) {
  Desk desk;
  desk.storm(50, critical, now(0));
  desk.raise("w.power", warning, now(1));

  EXPECT_EQ(desk.letters(now(1)), "alarm:w.power/1");
  EXPECT_EQ(desk.letters(now(5000)), "digest:a0.power/50");
}

TEST(NotifyPolicy, a_storm_that_lasts_is_a_digest_every_rate_limit_for_warnings) {
  Desk desk;
  desk.storm(20, warning, now(0));
  desk.letters(now(5000));
  desk.flood(Reason::flood_started, now(6000));
  desk.raise("x.power", warning, minute(3));
  desk.raise("y.power", warning, minute(9));

  EXPECT_EQ(desk.letters(minute(15)), "");
  EXPECT_EQ(desk.letters(now(15 * 60'000 + 5000)), "digest:x.power/3");
  EXPECT_TRUE(desk.last.flood);
}

TEST(NotifyPolicy, when_the_storm_is_over_what_is_left_is_told) {
  Desk desk;
  desk.storm(20, warning, now(0));
  desk.letters(now(5000));
  desk.raise("x.power", warning, now(10'000));
  EXPECT_EQ(desk.letters(now(30'000)), "");

  EXPECT_EQ(desk.letters(now(70'000)), "alarm:x.power/1");
}

TEST(NotifyPolicy, rate_limits_that_end_together_are_a_digest) {
  Desk desk;
  desk.storm(20, warning, now(0));
  desk.letters(now(5000));
  desk.storm(20, warning, minute(4));

  EXPECT_EQ(desk.letters(now(15 * 60'000 + 5000)), "");
  EXPECT_EQ(desk.letters(now(15 * 60'000 + 10'000)), "digest:a0.power/20");
}

TEST(NotifyPolicy, a_flood_is_told_with_its_alarms_and_summed_up_at_its_end) {
  Desk desk;
  desk.flood(Reason::flood_started, now(0));
  desk.raise("x.power", warning, now(1));
  EXPECT_EQ(desk.letters(now(5000)), "digest:x.power/2");
  EXPECT_EQ(desk.last.flood_raises, 11u);

  desk.flood(Reason::flood_ended, minute(12));

  EXPECT_EQ(desk.letters(minute(12)), "flood_over/1");
  EXPECT_EQ(desk.last.flood_time, Milliseconds(12 * 60'000));
}

// ---- Escalation -------------------------------------------------------------------------------

TEST(NotifyPolicy, a_critical_alarm_that_nobody_acknowledges_is_escalated_once) {
  Desk desk;
  desk.raise("x.power", critical, now(0));
  desk.letters(now(0));

  EXPECT_EQ(desk.letters(now(15 * 60'000 - 1)), "");
  EXPECT_EQ(desk.policy.next_due(), Milliseconds(15 * 60'000));
  EXPECT_EQ(desk.letters(minute(15)), "escalation:x.power/0");
  EXPECT_EQ(desk.last.waited, Milliseconds(15 * 60'000));
  EXPECT_EQ(desk.letters(minute(600)), "");
}

TEST(NotifyPolicy, an_acknowledged_alarm_is_not_escalated) {
  Desk desk;
  desk.raise("x.power", critical, now(0));
  desk.letters(now(0));
  desk.acknowledge("x.power", critical, minute(14));

  EXPECT_EQ(desk.letters(minute(60)), "");
}

TEST(NotifyPolicy, a_warning_is_not_escalated) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.letters(now(0));

  EXPECT_EQ(desk.letters(minute(60)), "");
}

TEST(NotifyPolicy, an_alarm_that_is_over_is_not_escalated) {
  Desk desk;
  desk.raise("x.power", critical, now(0));
  desk.letters(now(0));
  desk.clear("x.power", critical, minute(3));

  EXPECT_EQ(desk.letters(minute(15)), "returned:x.power/1");
  EXPECT_EQ(desk.letters(minute(60)), "");
}

TEST(NotifyPolicy, a_shelved_alarm_is_not_escalated) {
  Desk desk;
  desk.raise("x.power", critical, now(0));
  desk.letters(now(0));
  AlarmRecord shelved = row("x.power", critical, State::shelved);
  shelved.active = true;
  desk.change(Event::shelve, shelved, minute(3));

  EXPECT_EQ(desk.letters(minute(60)), "");
}

TEST(NotifyPolicy, many_escalations_are_one_letter) {
  Desk desk;
  desk.storm(500, critical, now(0));
  desk.letters(now(5000));

  EXPECT_EQ(desk.letters(minute(15)), "escalation:a0.power/0");
  EXPECT_EQ(desk.last.alarms, 500u);
}

TEST(NotifyPolicy, an_escalation_of_nothing_is_never) {
  Desk desk({.escalate_after = Milliseconds{}});
  desk.raise("x.power", emergency, now(0));
  desk.letters(now(0));

  EXPECT_EQ(desk.letters(minute(600)), "");
}

TEST(NotifyPolicy, an_escalation_takes_along_what_waited_to_be_told) {
  Desk desk({.escalate_after = std::chrono::minutes(5)});
  desk.raise("x.power", critical, now(0));
  desk.letters(now(0));
  desk.raise("x.power", critical, minute(2));

  EXPECT_EQ(desk.letters(minute(5)), "escalation:x.power/1");
  EXPECT_EQ(desk.letters(minute(19)), "");
}

TEST(NotifyPolicy, the_return_of_what_only_an_escalation_told_is_told) {
  Desk desk;
  const AlarmRecord record = row("x.power", critical, State::active_unacked);
  desk.change(Event::raise, record, now(0));
  EXPECT_EQ(desk.letters(minute(15)), "escalation:x.power/0");

  desk.clear("x.power", critical, minute(20));

  EXPECT_EQ(desk.letters(minute(20)), "returned:x.power/1");
}

// ---- Limits -----------------------------------------------------------------------------------

TEST(NotifyPolicy, with_a_hundred_letters_unposted_news_wait_where_they_are) {
  Desk desk({.storm_more_than = 1000});
  desk.storm(150, warning, now(0));
  desk.policy.on_time(now(0));
  EXPECT_EQ(desk.policy.letters().size(), 100u);
  EXPECT_EQ(desk.policy.account(), (Account{150, 100, 0, 50}));

  desk.policy.posted(desk.policy.letters().back().id);
  desk.policy.on_time(now(1));

  EXPECT_EQ(desk.policy.letters().size(), 50u);
}

TEST(NotifyPolicy, alarms_beyond_the_limit_are_counted_in_a_digest) {
  Desk desk;
  desk.storm(20'005, warning, now(0));
  desk.letters(now(5000));

  EXPECT_EQ(desk.last.alarms, 20'005u);
  EXPECT_EQ(desk.policy.account(), (Account{20'005, 20'005, 0, 0}));
}

TEST(NotifyPolicy, what_is_long_over_is_forgotten) {
  Desk desk;
  desk.storm(10, warning, now(0));
  desk.letters(now(0));
  const std::string busy = desk.policy.save(now(0));
  desk.end_storm(10, warning, minute(20));
  desk.letters(minute(20));
  desk.letters(minute(40));

  EXPECT_THAT(desk.policy.save(minute(40)), testing::HasSubstr(R"("alarms":[])"));
  EXPECT_LT(desk.policy.save(minute(40)).size(), busy.size());
}

TEST(NotifyPolicy, ids_of_letters_grow_and_are_not_below_the_wall_time) {
  Desk desk;
  desk.raise("x.power", warning, now(0));
  desk.raise("y.power", warning, now(0));
  desk.policy.on_time(now(0));
  const auto& letters = desk.policy.letters();

  EXPECT_GE(letters.at(0).id, static_cast<std::uint64_t>(to_unix_ms(at(0))));
  EXPECT_GT(letters.at(1).id, letters.at(0).id);
}

}  // namespace
}  // namespace wl::alarm::notify
