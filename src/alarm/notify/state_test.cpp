// Nothing twice and nothing lost over a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarm/notify/test_news.hpp"

namespace wl::alarm::notify {
namespace {

using testing::HasSubstr;

constexpr Level warning = Level::warning;
constexpr Level critical = Level::critical;

/// The monotonic clock of the process after the restart begins at another number.
Now later(std::int64_t ms) {
  return {at(ms), Milliseconds{ms + 500'000'000}};
}

/// `next` goes on where `before` was.
void restart(const Desk& before, Desk& next, std::int64_t ms) {
  const auto restored = next.policy.restore(before.policy.save(now(ms)), later(ms));
  EXPECT_TRUE(restored.has_value()) << restored.error().what;
}

TEST(NotifyState, what_was_told_is_not_told_again) {
  Desk before;
  before.raise("x.power", warning, now(0));
  before.letters(now(0));
  Desk next;
  restart(before, next, 60'000);

  next.raise("x.power", warning, later(120'000));

  EXPECT_EQ(next.letters(later(120'000)), "");
  EXPECT_EQ(next.letters(later(15 * 60'000)), "alarm:x.power/1");
}

TEST(NotifyState, what_waited_is_told_when_it_would_have_been) {
  Desk before;
  before.raise("x.power", warning, now(0));
  before.letters(now(0));
  before.raise("x.power", warning, minute(5));
  Desk next;
  restart(before, next, 10 * 60'000);

  EXPECT_EQ(next.letters(later(15 * 60'000 - 1)), "");
  EXPECT_EQ(next.letters(later(15 * 60'000)), "alarm:x.power/1");
}

TEST(NotifyState, a_letter_that_was_not_posted_comes_again_as_it_was) {
  Desk before;
  before.storm(30, critical, now(0));
  before.policy.on_time(now(5000));
  Desk next;
  restart(before, next, 6000);

  ASSERT_EQ(next.policy.letters().size(), 1u);
  EXPECT_EQ(next.policy.letters().front(), before.policy.letters().front());
}

TEST(NotifyState, a_posted_letter_does_not) {
  Desk before;
  before.raise("x.power", warning, now(0));
  before.letters(now(0));
  Desk next;
  restart(before, next, 1000);

  EXPECT_EQ(next.letters(later(1000)), "");
}

TEST(NotifyState, the_return_is_told_after_the_restart) {
  Desk before;
  before.raise("x.power", warning, now(0));
  before.letters(now(0));
  Desk next;
  restart(before, next, 1000);

  next.clear("x.power", warning, later(20 * 60'000));

  EXPECT_EQ(next.letters(later(20 * 60'000)), "returned:x.power/1");
}

TEST(NotifyState, an_escalation_keeps_its_time) {
  Desk before;
  before.raise("x.power", critical, now(0));
  before.letters(now(0));
  Desk next;
  restart(before, next, 60'000);
  const std::vector<AlarmRecord> rows{row("x.power", critical, State::active_unacked)};
  next.policy.reconcile(rows, later(60'000));

  EXPECT_EQ(next.letters(later(15 * 60'000 - 1)), "");
  EXPECT_EQ(next.letters(later(15 * 60'000)), "escalation:x.power/0");
}

TEST(NotifyState, an_escalation_that_was_made_is_not_made_again) {
  Desk before;
  before.raise("x.power", critical, now(0));
  before.letters(now(0));
  before.letters(minute(15));
  Desk next;
  restart(before, next, 16 * 60'000);
  const std::vector<AlarmRecord> rows{row("x.power", critical, State::active_unacked)};
  next.policy.reconcile(rows, later(16 * 60'000));

  EXPECT_EQ(next.letters(later(600 * 60'000)), "");
}

TEST(NotifyState, what_was_acknowledged_meanwhile_is_not_escalated) {
  Desk before;
  before.raise("x.power", critical, now(0));
  before.letters(now(0));
  Desk next;
  restart(before, next, 60'000);
  const std::vector<AlarmRecord> rows{row("x.power", critical, State::active_acked)};
  next.policy.reconcile(rows, later(60'000));

  EXPECT_EQ(next.letters(later(60 * 60'000)), "");
}

TEST(NotifyState, without_a_saved_state_what_stands_alone_is_escalated) {
  Desk desk;
  const std::vector<AlarmRecord> rows{row("x.power", critical, State::active_unacked)};
  desk.policy.reconcile(rows, now(0));

  EXPECT_EQ(desk.letters(minute(15)), "escalation:x.power/0");
}

TEST(NotifyState, a_clock_that_was_set_back_makes_nothing_wait_longer_than_the_rate_limit) {
  Desk before;
  before.raise("x.power", warning, now(0));
  before.letters(now(0));
  before.raise("x.power", warning, minute(1));
  Desk next;
  const Now an_hour_back{at(-3'600'000), Milliseconds{77}};
  ASSERT_TRUE(next.policy.restore(before.policy.save(minute(2)), an_hour_back).has_value());

  EXPECT_EQ(next.policy.next_due(), Milliseconds{77} + std::chrono::minutes(15));
}

TEST(NotifyState, the_same_state_is_saved_again) {
  Desk before;
  before.storm(30, critical, now(0));
  before.flood(Reason::flood_started, now(1));
  before.letters(now(5000));
  before.raise("x.power", warning, now(6000));
  before.flood(Reason::flood_ended, now(7000));
  before.policy.on_time(now(7000));
  const std::string saved = before.policy.save(now(8000));
  Desk next;
  ASSERT_TRUE(next.policy.restore(saved, now(8000)).has_value());

  EXPECT_EQ(next.policy.save(now(8000)), saved);
  EXPECT_EQ(next.policy.account(), before.policy.account());
}

struct Garbage : testing::TestWithParam<std::string> {};

TEST_P(Garbage, is_refused_and_said_in_the_next_letter) {
  Desk desk;
  desk.raise("x.power", warning, now(0));

  const auto restored = desk.policy.restore(GetParam(), now(0));

  ASSERT_FALSE(restored.has_value());
  EXPECT_THAT(restored.error().what, HasSubstr("starts empty"));
  EXPECT_EQ(desk.policy.account(), Account{});
  desk.raise("y.power", warning, now(1));
  EXPECT_EQ(desk.letters(now(1)), "alarm:y.power/1");
  EXPECT_TRUE(desk.last.state_lost);
}

std::string broken(const std::string& from, const std::string& to) {
  Desk desk;
  desk.raise("x.power", critical, now(0));
  desk.policy.on_time(now(0));
  desk.raise("x.power", critical, now(1));
  std::string saved = desk.policy.save(now(1));
  const auto place = saved.find(from);
  return place == std::string::npos ? "" : saved.replace(place, from.size(), to);
}

INSTANTIATE_TEST_SUITE_P(
    NotifyState, Garbage,
    testing::Values("", "{}", "[]", "nonsense", "{\"version\":2}",
                    broken("\"version\":1", "\"version\":7"),
                    broken("\"told_level\":\"critical\"", "\"told_level\":\"loud\""),
                    broken("\"wishes\":1", "\"wishes\":-1"),
                    broken("\"key\":\"x.power\"", "\"key\":7"), broken("]}", "]"),
                    broken("\"lanes\":[", "\"lanes\":[],\"l\":["),
                    broken("\"kind\":\"alarm\"", "\"kind\":\"joke\"")));

}  // namespace
}  // namespace wl::alarm::notify
