#include "alarm/book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarm/test_plant.hpp"

namespace wl::alarm {
namespace {

using testing::HasSubstr;

const Identity heat{"conveyor.power_kw:high:auto", "conveyor", "power_kw", "power_kw_threshold",
                    MessageKey::high};
const Finding warning{Level::warning, 3, 3.2};
const Finding critical{Level::critical, 3, 3.8};
const Order wang{"wang", "seen"};

/// The words of what came out since the last time: `raise>active_unacked`.
std::string changes_of(const Output& output) {
  std::string all;
  for (const Change& change : output.changes) {
    all += (all.empty() ? "" : " ") + std::string(word(change.event)) + ">" +
           std::string(word(change.to));
  }
  return all;
}
std::string wishes_of(const Output& output) {
  constexpr std::array<std::string_view, 6> words{"raised",  "level_raised",  "unshelved",
                                                  "cleared", "flood_started", "flood_ended"};
  std::string all;
  for (const Wish& wish : output.wishes) {
    all += (all.empty() ? "" : " ") + std::string(words[static_cast<std::size_t>(wish.reason)]);
  }
  return all;
}

struct AlarmBook : testing::Test {
  Book book{{}};

  const AlarmRecord& record() const { return *book.find(heat.key); }
  std::string changes() { return changes_of(book.take_output()); }
  std::string wishes() { return wishes_of(book.take_output()); }
  void raise_and_clear(int times, std::int64_t from_ms, std::int64_t step_ms) {
    for (int i = 0; i < times; ++i) {
      book.raise(heat, warning, now(from_ms + i * step_ms));
      book.clear(heat.key, now(from_ms + i * step_ms + step_ms / 2));
    }
  }
};

TEST_F(AlarmBook, raised_acknowledged_and_cleared_is_one_row) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.acknowledge(1, wang, now(1000)));
  book.clear(heat.key, now(2000));

  EXPECT_EQ(changes(), "raise>active_unacked acknowledge>active_acked clear>normal");
  EXPECT_EQ(record().id, 1U);
  EXPECT_EQ(record().timestamp, at(0));
  EXPECT_EQ(record().threshold_value, 3);
  EXPECT_EQ(record().actual_value, 3.2);
  EXPECT_TRUE(record().acknowledged);
  EXPECT_EQ(record().acknowledged_by, "wang");
  EXPECT_EQ(record().acknowledged_at, at(1000));
  EXPECT_EQ(record().note, "seen");
  EXPECT_EQ(record().cleared_at, at(2000));
}

TEST_F(AlarmBook, cleared_before_anybody_saw_it_waits_for_an_acknowledgement) {
  book.raise(heat, warning, now(0));
  book.clear(heat.key, now(1000));
  EXPECT_EQ(record().state, State::cleared_unacked);

  ASSERT_TRUE(book.acknowledge(1, wang, now(2000)));

  EXPECT_EQ(record().state, State::normal);
}

TEST_F(AlarmBook, a_second_acknowledgement_is_a_conflict_that_names_the_first) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.acknowledge(1, wang, now(1000)));
  book.take_output();

  const auto again = book.acknowledge(1, {"li", ""}, now(2000));

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::conflict);
  EXPECT_THAT(again.error().what, HasSubstr("acknowledged by wang at 2023-11-14T22:13:21"));
  EXPECT_EQ(record().acknowledged_by, "wang");
  EXPECT_EQ(changes(), "");
}

TEST_F(AlarmBook, orders_need_a_known_row_a_name_and_a_short_note) {
  book.raise(heat, warning, now(0));

  EXPECT_EQ(book.acknowledge(2, wang, now(1)).error().code, Errc::not_found);
  EXPECT_EQ(book.acknowledge(0, wang, now(1)).error().code, Errc::not_found);
  EXPECT_EQ(book.acknowledge(1, {"", ""}, now(1)).error().code, Errc::invalid_argument);
  EXPECT_EQ(book.acknowledge(1, {"li", std::string(501, 'x')}, now(1)).error().code,
            Errc::invalid_argument);
  EXPECT_EQ(record().state, State::active_unacked);
}

TEST_F(AlarmBook, return_to_normal_is_told_when_the_raise_was) {
  book.raise(heat, warning, now(0));
  book.clear(heat.key, now(1000));
  EXPECT_EQ(wishes(), "raised cleared");

  book.raise(heat, warning, now(2000));
  book.clear(heat.key, now(3000));

  EXPECT_EQ(wishes(), "");
}

TEST_F(AlarmBook, raised_again_within_the_window_goes_on_in_its_row_and_is_counted) {
  raise_and_clear(5, 0, 30'000);

  EXPECT_EQ(record().id, 1U);
  EXPECT_EQ(record().raise_count, 5U);
  EXPECT_EQ(record().suppressed_count, 4U);
  const Output output = book.take_output();
  EXPECT_EQ(wishes_of(output), "raised cleared");
  EXPECT_EQ(std::ranges::count(output.changes, Event::raise, &Change::event), 5);
  EXPECT_EQ(std::ranges::count(output.changes, Event::clear, &Change::event), 5);
}

TEST_F(AlarmBook, one_that_is_still_active_when_the_window_ends_is_announced_then) {
  raise_and_clear(1, 0, 1000);
  book.raise(heat, warning, now(60'000));
  book.take_output();
  ASSERT_EQ(book.next_due(), Milliseconds{300'000});

  book.on_time(minute(5));

  const Output output = book.take_output();
  EXPECT_EQ(changes_of(output), "announce>active_unacked");
  EXPECT_EQ(wishes_of(output), "raised");
  EXPECT_EQ(output.wishes[0].suppressed, 1U);
}

TEST_F(AlarmBook, one_that_was_acknowledged_meanwhile_is_not) {
  raise_and_clear(1, 0, 1000);
  book.raise(heat, warning, now(60'000));
  ASSERT_TRUE(book.acknowledge(1, wang, now(70'000)));
  book.take_output();

  book.on_time(minute(10));

  EXPECT_EQ(wishes(), "");
}

TEST_F(AlarmBook, after_the_window_the_unacknowledged_row_ends_and_a_new_one_begins) {
  raise_and_clear(1, 0, 1000);
  book.take_output();

  book.raise(heat, warning, minute(5));

  const Output output = book.take_output();
  EXPECT_EQ(changes_of(output), "retire>normal raise>active_unacked");
  EXPECT_EQ(output.changes[0].record.id, 1U);
  EXPECT_EQ(output.changes[0].record.superseded_by, 2U);
  EXPECT_EQ(output.changes[1].record.id, 2U);
  EXPECT_EQ(wishes_of(output), "raised");
  EXPECT_EQ(book.acknowledge(1, wang, minute(6)).error().code, Errc::conflict);
  EXPECT_TRUE(book.acknowledge(2, wang, minute(6)));
}

TEST_F(AlarmBook, a_higher_level_is_announced_at_once_and_asks_again_for_somebody) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.acknowledge(1, wang, now(500)));

  book.escalate(heat.key, critical, now(1000));
  book.escalate(heat.key, warning, now(2000));

  const Output output = book.take_output();
  EXPECT_EQ(changes_of(output),
            "raise>active_unacked acknowledge>active_acked escalate>active_unacked");
  EXPECT_EQ(wishes_of(output), "raised level_raised");
  EXPECT_EQ(record().level, Level::critical);
  EXPECT_FALSE(record().acknowledged);
}

TEST_F(AlarmBook, the_same_level_within_the_window_is_announced_once_however_it_swings) {
  raise_and_clear(1, 0, 1000);
  book.raise(heat, critical, now(2000));
  book.clear(heat.key, now(3000));
  book.raise(heat, critical, now(4000));

  EXPECT_EQ(wishes(), "raised cleared raised cleared");
}

TEST_F(AlarmBook, shelved_it_says_nothing_and_comes_back_when_the_time_is_over) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.shelve(1, std::chrono::minutes(30), wang, now(1000)));
  EXPECT_EQ(record().shelved_until, at(1'801'000));
  book.clear(heat.key, now(2000));
  book.raise(heat, warning, now(3000));
  EXPECT_EQ(wishes(), "raised");
  EXPECT_EQ(record().suppressed_count, 1U);

  book.on_time(now(1'800'999));
  EXPECT_EQ(record().state, State::shelved);
  book.on_time(now(1'801'000));

  const Output output = book.take_output();
  EXPECT_EQ(changes_of(output), "unshelve>active_unacked");
  EXPECT_EQ(wishes_of(output), "unshelved");
  EXPECT_EQ(record().shelved_until, std::nullopt);
  EXPECT_EQ(record().shelved_by, "wang");
}

TEST_F(AlarmBook, shelved_and_gone_it_comes_back_normal_and_silent) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.shelve(1, std::chrono::minutes(30), wang, now(1000)));
  book.clear(heat.key, now(2000));
  book.take_output();

  ASSERT_TRUE(book.unshelve(1, wang, now(3000)));

  EXPECT_EQ(record().state, State::normal);
  EXPECT_EQ(wishes(), "");
  EXPECT_EQ(book.unshelve(1, wang, now(4000)).error().code, Errc::conflict);
}

TEST_F(AlarmBook, a_shelved_alarm_cannot_be_acknowledged_but_shelved_longer) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.shelve(1, std::chrono::minutes(30), wang, now(0)));

  EXPECT_THAT(book.acknowledge(1, wang, now(1)).error().what, HasSubstr("unshelve it first"));
  ASSERT_TRUE(book.shelve(1, std::chrono::minutes(60), wang, now(0)));
  book.on_time(minute(31));

  EXPECT_EQ(record().state, State::shelved);
  EXPECT_EQ(record().shelved_until, at(3'600'000));
}

TEST_F(AlarmBook, a_shelving_has_an_end_within_a_day) {
  book.raise(heat, warning, now(0));

  EXPECT_EQ(book.shelve(1, Milliseconds{0}, wang, now(0)).error().code, Errc::invalid_argument);
  EXPECT_THAT(book.shelve(1, std::chrono::hours(25), wang, now(0)).error().what,
              HasSubstr("1 to 1440 minutes"));
}

TEST_F(AlarmBook, one_that_is_over_can_still_be_shelved_by_its_row) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.acknowledge(1, wang, now(1)));
  book.clear(heat.key, now(2));

  ASSERT_TRUE(book.shelve(1, std::chrono::minutes(5), wang, now(3)));
  book.raise(heat, warning, now(4));

  EXPECT_EQ(record().state, State::shelved);
  EXPECT_EQ(record().id, 1U);
}

TEST_F(AlarmBook, a_clock_that_is_set_does_not_end_a_shelving) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.shelve(1, std::chrono::minutes(30), wang, now(0)));

  book.on_time({at(86'400'000), Milliseconds{60'000}});

  EXPECT_EQ(record().state, State::shelved);
}

TEST_F(AlarmBook, suppressed_by_logic_it_counts_and_comes_back_unacknowledged) {
  book.suppress(heat, Book::Hide::yes, now(0));
  book.raise(heat, warning, now(1000));
  EXPECT_EQ(wishes(), "");
  EXPECT_EQ(record().suppressed_count, 1U);

  book.suppress(heat, Book::Hide::no, now(2000));

  EXPECT_EQ(record().state, State::active_unacked);
  EXPECT_EQ(record().id, 1U);
  EXPECT_EQ(wishes(), "unshelved");
}

TEST_F(AlarmBook, one_that_waits_for_a_person_is_suppressed_only_afterwards) {
  book.raise(heat, warning, now(0));
  book.clear(heat.key, now(1));
  book.suppress(heat, Book::Hide::yes, now(2));
  EXPECT_EQ(record().state, State::cleared_unacked);

  const auto answer = book.acknowledge(1, wang, now(3));

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->id, 1U);
  EXPECT_EQ(record().state, State::suppressed);
}

TEST_F(AlarmBook, one_that_waits_for_a_person_is_not_told_again_while_logic_wants_it_hidden) {
  book.raise(heat, warning, now(0));
  book.clear(heat.key, now(1));
  book.suppress(heat, Book::Hide::yes, now(2));
  book.take_output();

  book.raise(heat, warning, minute(6));

  const Output output = book.take_output();
  EXPECT_EQ(changes_of(output), "retire>normal raise>active_unacked suppress>suppressed");
  EXPECT_EQ(wishes_of(output), "");
}

TEST_F(AlarmBook, logic_still_hides_what_a_person_unshelves) {
  book.raise(heat, warning, now(0));
  ASSERT_TRUE(book.shelve(1, std::chrono::minutes(5), wang, now(1)));
  book.suppress(heat, Book::Hide::yes, now(2));
  book.take_output();

  book.on_time(minute(6));

  const Output output = book.take_output();
  EXPECT_EQ(changes_of(output), "unshelve>active_unacked suppress>suppressed");
  EXPECT_EQ(wishes_of(output), "");
}

TEST_F(AlarmBook, out_of_service_it_is_not_shelved_and_comes_back_normal) {
  book.raise(heat, warning, now(0));
  book.take_out_of_service(heat, now(1));
  EXPECT_EQ(record().cleared_at, at(1));
  EXPECT_EQ(book.shelve(1, std::chrono::minutes(5), wang, now(2)).error().code, Errc::conflict);

  book.return_to_service(heat.key, now(3));

  EXPECT_EQ(record().state, State::normal);
}

TEST_F(AlarmBook, a_retired_alarm_ends_its_row_and_is_forgotten) {
  book.raise(heat, warning, now(0));
  book.take_output();

  book.retire(heat.key, now(1));

  const Output output = book.take_output();
  EXPECT_EQ(changes_of(output), "retire>normal");
  EXPECT_EQ(wishes_of(output), "cleared");
  EXPECT_EQ(output.changes[0].record.cleared_at, at(1));
  EXPECT_EQ(book.find(heat.key), nullptr);
  EXPECT_EQ(book.next_due(), std::nullopt);
}

TEST_F(AlarmBook, three_raises_in_a_minute_chatter_until_a_calm_minute) {
  raise_and_clear(3, 0, 20'000);
  EXPECT_TRUE(record().chattering);
  EXPECT_EQ(book.facts().chattering, 1);

  book.on_time(now(80'000));
  EXPECT_TRUE(record().chattering);
  book.on_time(now(80'001));

  EXPECT_FALSE(record().chattering);
  EXPECT_EQ(book.facts().chattering, 0);
  EXPECT_THAT(changes(), HasSubstr("chatter_end>cleared_unacked"));
}

TEST_F(AlarmBook, raises_more_than_a_minute_apart_do_not_chatter) {
  raise_and_clear(10, 0, 30'001);

  EXPECT_FALSE(record().chattering);
}

}  // namespace
}  // namespace wl::alarm
