#include "apps/collector/live_alarms.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

using namespace std::chrono_literals;

constexpr LiveAlarms::Clock::time_point start{};

/// `count` alarms with the ids from `first` on.
LiveMessage alarms(std::uint64_t first, std::size_t count, const std::string& state = "shelved") {
  LiveMessage message{.type = LiveMessage::Type::alarm, .ts = {}, .values = {}, .link = {}};
  for (std::size_t i = 0; i < count; ++i) {
    LiveAlarm alarm;
    alarm.row.id = first + i;
    alarm.row.state = state;
    alarm.event = "raise";
    message.alarms.push_back(alarm);
  }
  message.alarm_counts = LiveAlarmCounts{.active = static_cast<int>(count)};
  return message;
}

TEST(LiveAlarms, tells_the_newest_row_of_each_alarm_that_changed_once) {
  LiveAlarms board;
  board.take(alarms(1, 2));
  board.take(alarms(2, 1, "normal"));

  const auto told = board.messages();

  ASSERT_EQ(told.size(), 1u);
  ASSERT_EQ(told[0].alarms.size(), 2u);
  EXPECT_EQ(told[0].alarms[1].row.state, "normal");
  EXPECT_EQ(told[0].alarm_counts->active, 1);
  EXPECT_FALSE(board.due());
  EXPECT_TRUE(board.messages().empty());
}

TEST(LiveAlarms, a_snapshot_has_those_that_are_not_normal_without_an_event) {
  LiveAlarms board;
  board.take(alarms(1, 2));
  board.take(alarms(2, 1, "normal"));
  LiveMessage snapshot;

  board.put_into(snapshot);

  ASSERT_EQ(snapshot.alarms.size(), 1u);
  EXPECT_EQ(snapshot.alarms[0].row.id, 1u);
  EXPECT_EQ(snapshot.alarms[0].event, "");
}

TEST(LiveAlarms, many_alarms_travel_in_several_messages) {
  LiveAlarms board;
  board.take(alarms(1, max_live_alarms));

  const auto told = board.messages();

  ASSERT_EQ(told.size(), max_live_alarms / LiveAlarms::alarms_a_message);
  EXPECT_EQ(told.back().alarms.size(), LiveAlarms::alarms_a_message);
}

TEST(LiveAlarms, more_than_that_are_told_by_one_snapshot_of_the_newest) {
  LiveAlarms board;
  board.take(alarms(1, 10'000));
  LiveMessage snapshot;

  EXPECT_TRUE(board.messages().empty());
  EXPECT_TRUE(board.snapshot_wanted());
  board.put_into(snapshot);

  ASSERT_EQ(snapshot.alarms.size(), max_live_alarms);
  EXPECT_EQ(snapshot.alarms.back().row.id, 10'000u);
  EXPECT_EQ(snapshot.alarm_counts->active, 10'000);
}

TEST(LiveAlarms, while_the_flood_lasts_there_are_two_snapshots_a_second) {
  LiveAlarms board;
  board.take(alarms(1, 10'000));
  board.told_by_snapshot(start);
  EXPECT_FALSE(board.due());

  board.take(alarms(1, 10'000, "normal"));

  EXPECT_TRUE(board.snapshot_wanted());
  EXPECT_EQ(board.due(), start + 500ms);
}

}  // namespace
}  // namespace wl
