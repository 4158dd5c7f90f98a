#include "cache/publication.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/stitch.hpp"

namespace wl::cache {
namespace {

using namespace std::chrono_literals;
using Type = LiveMessage::Type;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr Timestamp start{1'000'000s};

LiveMessage values(Type type, std::map<std::string, double> all) {
  LiveMessage message{.type = type, .ts = start};
  for (const auto& [key, value] : all) message.values[key] = {value, quality::good, start};
  return message;
}

LiveMessage alarm(std::uint64_t id, std::string_view state) {
  LiveMessage message{.type = Type::alarm, .ts = start};
  message.alarms.push_back({});
  message.alarms[0].row.id = id;
  message.alarms[0].row.state = state;
  message.alarm_counts = LiveAlarmCounts{.active = 1};
  return message;
}

LiveMessage published(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    if (command[0] == "PUBLISH") return decode_live(command[2]).value();
  }
  return {};
}

const Command& named(const std::vector<Command>& commands, std::string_view name) {
  static const Command none;
  for (const Command& command : commands) {
    if (command[0] == name) return command;
  }
  return none;
}

class PublicationTest : public ::testing::Test {
 protected:
  Publication publication_{Keys(3), "ab12"};
};

TEST_F(PublicationTest, a_snapshot_replaces_the_hashes_in_one_transaction) {
  const auto commands = publication_.commands(values(Type::snapshot, {{"a.x", 1}, {"a.y", 2}}));

  EXPECT_EQ(commands.front(), Command{"MULTI"});
  EXPECT_EQ(commands.back(), Command{"EXEC"});
  EXPECT_THAT(named(commands, "DEL"), ElementsAre("DEL", "wattline:3:latest", "wattline:3:state"));
  EXPECT_THAT(named(commands, "HSET"), Contains("a.y"));
  EXPECT_EQ(published(commands).seq, 1u);
  EXPECT_EQ(published(commands).epoch, "ab12");
}

TEST_F(PublicationTest, a_delta_writes_what_changed_and_its_number) {
  publication_.commands(values(Type::snapshot, {{"a.x", 1}, {"a.y", 2}}));

  const auto commands = publication_.commands(values(Type::values, {{"a.x", 5}}));

  EXPECT_THAT(named(commands, "HSET"), Not(Contains("a.y")));
  EXPECT_EQ(named(commands, "DEL"), Command{});
  EXPECT_EQ(published(commands).seq, 2u);
  EXPECT_EQ(published(commands).values.size(), 1u);
}

TEST_F(PublicationTest, whole_has_the_newest_of_everything) {
  LiveMessage begin = values(Type::snapshot, {{"a.x", 1}});
  begin.link = LiveLink{true, "", start};
  publication_.commands(begin);
  publication_.commands(values(Type::values, {{"a.x", 5}, {"b.z", 6}}));
  publication_.commands(alarm(1, alarm_state::active_unacked));
  publication_.commands(alarm(2, alarm_state::active_unacked));
  publication_.commands(alarm(1, alarm_state::normal));

  const LiveMessage& whole = publication_.whole();

  EXPECT_EQ(whole.values.at("a.x").value, 5);
  EXPECT_EQ(whole.values.size(), 2u);
  ASSERT_EQ(whole.alarms.size(), 1u);
  EXPECT_EQ(whole.alarms[0].row.id, 2u);
  EXPECT_TRUE(whole.link->up);
  EXPECT_EQ(whole.seq, 5u);
}

TEST_F(PublicationTest, notices_that_redis_lost_values_and_publishes_all_of_them_again) {
  publication_.commands(values(Type::snapshot, {{"a.x", 1}, {"a.y", 2}}));

  EXPECT_FALSE(publication_.is_damaged(2));
  EXPECT_TRUE(publication_.is_damaged(1));
  const auto again = published(publication_.commands(publication_.whole()));
  EXPECT_EQ(again.type, Type::snapshot);
  EXPECT_EQ(again.values.size(), 2u);
  EXPECT_EQ(again.seq, 2u);
}

LiveMessage numbered(std::string epoch, std::uint64_t seq, Type type = Type::values) {
  LiveMessage message{.type = type, .ts = start};
  message.epoch = std::move(epoch);
  message.seq = seq;
  return message;
}

TEST(Stitch, passes_the_channel_on_from_the_number_of_the_hashes) {
  using enum Stitch::Verdict;
  Stitch stitch;

  EXPECT_EQ(stitch.on_channel(numbered("e", 6)), read_snapshot);
  EXPECT_EQ(stitch.on_snapshot(numbered("e", 7)), pass);
  EXPECT_EQ(stitch.on_channel(numbered("e", 7)), ignore);
  EXPECT_EQ(stitch.on_channel(numbered("e", 8)), pass);
}

TEST(Stitch, wants_the_hashes_again_after_a_gap_or_from_another_collector) {
  using enum Stitch::Verdict;
  Stitch stitch;
  stitch.on_snapshot(numbered("e", 7));

  EXPECT_EQ(stitch.on_channel(numbered("e", 9)), read_snapshot);
  EXPECT_EQ(stitch.on_channel(numbered("f", 8)), read_snapshot);
  EXPECT_EQ(stitch.on_channel(numbered("f", 1, Type::snapshot)), pass);
  EXPECT_EQ(stitch.on_channel(numbered("f", 2)), pass);
}

TEST(Stitch, ignores_what_no_collector_numbered) {
  Stitch stitch;
  stitch.on_snapshot(numbered("e", 7));

  EXPECT_EQ(stitch.on_channel(numbered("", 8)), Stitch::Verdict::ignore);
  EXPECT_EQ(stitch.on_channel(numbered("e", 0)), Stitch::Verdict::ignore);
}

}  // namespace
}  // namespace wl::cache
