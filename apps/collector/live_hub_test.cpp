#include "apps/collector/live_hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <ctime>
#include <fstream>
#include <memory>

#include "apps/collector/live_reader.hpp"
#include "apps/collector/local_listener.hpp"

namespace wl {
namespace {

using testing::HasSubstr;

LiveMessage news(const std::string& key, double value) {
  LiveMessage message;
  message.values[key] = LiveValue{value, quality::good, from_unix_ms(1'700'000'000'000)};
  return message;
}

LiveMessage alarm(std::uint64_t id, const std::string& state, const std::string& event) {
  LiveMessage message{.type = LiveMessage::Type::alarm, .ts = {}, .values = {}, .link = {}};
  message.alarms.push_back({{}, event});
  message.alarms[0].row.id = id;
  message.alarms[0].row.state = state;
  message.alarm_counts = LiveAlarmCounts{.active = 1};
  return message;
}

LiveOrder acknowledge(std::uint64_t ref) {
  return {.kind = LiveOrder::Kind::acknowledge,
          .ref = ref,
          .ids = {12},
          .minutes = 0,
          .by = "admin",
          .note = ""};
}

/// Answers each order at once, with its alarms.
void answer_all(LiveHub& hub) {
  hub.take_orders([&hub](ReaderId from, const LiveOrder& order) {
    LiveAnswer answer{.ref = order.ref};
    answer.alarms.resize(order.ids.size());
    answer.alarms[0].id = order.ids[0];
    hub.answer(from, std::move(answer));
  });
}

/// Posts 20 messages of 200 kB, and has `eager` read each.
void flood(LiveHub& hub, LiveReader& eager) {
  const LiveMessage link{.type = LiveMessage::Type::link,
                         .ts = {},
                         .values = {},
                         .link = LiveLink{false, std::string(200'000, 'x'), from_unix_ms(1)}};
  for (int i = 0; i < 20; ++i) {
    hub.post(link);
    while (!eager.next().link) continue;
  }
}

/// Takes every descriptor that this process may still open, until it is destroyed.
class NoDescriptorLeft {
 public:
  NoDescriptorLeft() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const UniqueFd next(::dup(0));
    rlimit now = before_;
    now.rlim_cur = static_cast<rlim_t>(next.get());
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~NoDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptorLeft(const NoDescriptorLeft&) = delete;
  NoDescriptorLeft& operator=(const NoDescriptorLeft&) = delete;

  /// Processor time that the process needs while it waits, of one core.
  static double busy_share_of(std::chrono::milliseconds wait) {
    const std::clock_t before = std::clock();
    ::poll(nullptr, 0, static_cast<int>(wait.count()));
    return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC * 1000 /
           static_cast<double>(wait.count());
  }

 private:
  rlimit before_{};
};

class LiveHubTest : public testing::Test {
 protected:
  LiveHubTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-hub-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    path_ = directory_ / "live.sock";
  }
  ~LiveHubTest() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
  std::filesystem::path path_;
};

TEST_F(LiveHubTest, a_reader_gets_a_snapshot_first_and_then_what_changes) {
  const auto hub = LiveHub::start(path_).value();
  hub->post(news("conveyor.power_kw", 0.5));
  LiveReader reader(path_);

  const LiveMessage first = reader.next();
  hub->post(news("conveyor.speed", 1.5));
  const LiveMessage second = reader.next_with("conveyor.speed");

  EXPECT_EQ(first.type, LiveMessage::Type::snapshot);
  ASSERT_TRUE(first.link);
  EXPECT_EQ(second.type, LiveMessage::Type::values);
  EXPECT_EQ(second.values.at("conveyor.speed").value, 1.5);
}

TEST_F(LiveHubTest, a_later_reader_sees_all_values_in_its_snapshot) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader early(path_);
  early.next();
  hub->post(news("conveyor.power_kw", 0.5));
  early.next();

  LiveReader late(path_);

  EXPECT_EQ(late.next().values.at("conveyor.power_kw").value, 0.5);
}

TEST_F(LiveHubTest, silence_is_broken_by_an_empty_message_within_a_second) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);
  reader.next();

  const LiveMessage heartbeat = reader.next();

  EXPECT_EQ(heartbeat.type, LiveMessage::Type::values);
  EXPECT_TRUE(heartbeat.values.empty());
  EXPECT_FALSE(heartbeat.link);
}

TEST_F(LiveHubTest, a_change_of_the_link_is_sent_at_once) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);
  reader.next();

  hub->post({.type = LiveMessage::Type::link,
             .ts = {},
             .values = {},
             .link = LiveLink{false, "connection refused", from_unix_ms(1)}});

  const LiveMessage link = reader.next();
  EXPECT_EQ(link.type, LiveMessage::Type::link);
  EXPECT_EQ(link.link->reason, "connection refused");
}

TEST_F(LiveHubTest, an_alarm_is_told_to_all_and_stands_in_the_next_snapshot) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);
  reader.next();

  hub->post(alarm(12, "active_unacked", "raise"));

  const LiveMessage told = reader.next_of(LiveMessage::Type::alarm);
  ASSERT_EQ(told.alarms.size(), 1u);
  EXPECT_EQ(told.alarms[0].row.id, 12u);
  EXPECT_EQ(told.alarms[0].event, "raise");
  const LiveMessage snapshot = LiveReader(path_).next();
  ASSERT_EQ(snapshot.alarms.size(), 1u);
  EXPECT_EQ(snapshot.alarm_counts->active, 1);
}

TEST_F(LiveHubTest, an_alarm_that_is_over_leaves_the_snapshot) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);
  hub->post(alarm(12, "active_acked", "acknowledge"));
  reader.next_of(LiveMessage::Type::alarm);

  hub->post(alarm(12, "normal", "clear"));
  reader.next_of(LiveMessage::Type::alarm);

  EXPECT_TRUE(LiveReader(path_).next().alarms.empty());
}

TEST_F(LiveHubTest, a_flood_of_alarms_is_one_snapshot) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);
  reader.next();
  LiveMessage flood = alarm(1, "active_unacked", "raise");
  flood.alarms.resize(10'000, flood.alarms[0]);
  for (std::size_t i = 0; i < 10'000; ++i) flood.alarms[i].row.id = i + 1;

  hub->post(flood);

  EXPECT_EQ(reader.next_of(LiveMessage::Type::snapshot).alarms.size(), max_live_alarms);
}

TEST_F(LiveHubTest, an_order_is_answered_to_the_reader_that_gave_it_alone) {
  const auto hub = LiveHub::start(path_).value();
  answer_all(*hub);
  LiveReader one(path_);
  LiveReader other(path_);
  other.next();

  one.send(encode_order(acknowledge(7)) + "\n");

  const LiveMessage answer = one.next_of(LiveMessage::Type::answer);
  ASSERT_TRUE(answer.answer);
  EXPECT_EQ(answer.answer->ref, 7u);
  EXPECT_EQ(answer.answer->alarms[0].id, 12u);
  EXPECT_EQ(other.next().type, LiveMessage::Type::values);  // Its proof of life, nothing before.
}

TEST_F(LiveHubTest, orders_may_come_in_pieces_and_several_at_once) {
  const auto hub = LiveHub::start(path_).value();
  answer_all(*hub);
  LiveReader reader(path_);
  const std::string lines =
      encode_order(acknowledge(1)) + "\n" + encode_order(acknowledge(2)) + "\n";

  reader.send(lines.substr(0, 20));
  reader.next_of(LiveMessage::Type::values);
  reader.send(lines.substr(20));

  EXPECT_EQ(reader.next_of(LiveMessage::Type::answer).answer->ref, 1u);
  EXPECT_EQ(reader.next_of(LiveMessage::Type::answer).answer->ref, 2u);
}

TEST_F(LiveHubTest, before_anybody_takes_orders_they_are_answered_unavailable) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);

  reader.send(encode_order(acknowledge(7)) + "\n");

  EXPECT_EQ(reader.next_of(LiveMessage::Type::answer).answer->error->code, Errc::unavailable);
}

TEST_F(LiveHubTest, an_order_with_a_mistake_is_told_which) {
  const auto hub = LiveHub::start(path_).value();
  answer_all(*hub);
  LiveReader reader(path_);

  reader.send("{\"order\":\"acknowledge\",\"ref\":3,\"by\":\"admin\",\"ids\":[]}\n");

  const LiveMessage answer = reader.next_of(LiveMessage::Type::answer);
  EXPECT_EQ(answer.answer->ref, 3u);
  EXPECT_EQ(answer.answer->error->code, Errc::invalid_argument);
  EXPECT_THAT(answer.answer->error->what, HasSubstr("'ids'"));
}

TEST_F(LiveHubTest, too_many_orders_without_an_answer_are_refused) {
  const auto hub = LiveHub::start(path_).value();
  hub->take_orders([](ReaderId, const LiveOrder&) {});
  LiveReader reader(path_);
  std::string lines;
  for (std::uint64_t ref = 1; ref <= LiveHub::max_unanswered + 1; ++ref) {
    lines += encode_order(acknowledge(ref)) + "\n";
  }

  reader.send(lines);

  const LiveMessage answer = reader.next_of(LiveMessage::Type::answer);
  EXPECT_EQ(answer.answer->ref, LiveHub::max_unanswered + 1u);
  EXPECT_EQ(answer.answer->error->code, Errc::unavailable);
}

TEST_F(LiveHubTest, a_reader_that_sends_what_is_no_order_is_dropped_and_counted) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);

  reader.send("GET / HTTP/1.1\r\n");

  EXPECT_TRUE(reader.closed_by_the_hub());
  EXPECT_EQ(hub->bad_readers_dropped(), 1u);
}

TEST_F(LiveHubTest, a_reader_that_never_ends_its_line_is_dropped_at_64_kib) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader reader(path_);

  reader.send(std::string(max_order_bytes, 'x'));
  EXPECT_EQ(reader.next().type, LiveMessage::Type::snapshot);
  reader.send("x");

  EXPECT_TRUE(reader.closed_by_the_hub());
  EXPECT_EQ(hub->bad_readers_dropped(), 1u);
}

TEST_F(LiveHubTest, the_answer_to_a_reader_that_left_is_counted_and_lost) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader other(path_);
  other.next();

  hub->answer(999, {.ref = 7});
  hub->post(news("conveyor.speed", 1.5));

  EXPECT_EQ(other.next_with("conveyor.speed").values.size(), 1u);
  EXPECT_EQ(hub->answers_lost(), 1u);
}

TEST_F(LiveHubTest, a_reader_that_does_not_read_is_dropped_and_others_go_on) {
  const auto hub = LiveHub::start(path_).value();
  LiveReader idle(path_);
  LiveReader eager(path_);
  eager.next();

  flood(*hub, eager);

  EXPECT_TRUE(idle.closed_by_the_hub());
  EXPECT_EQ(hub->slow_readers_dropped(), 1u);
  EXPECT_EQ(hub->readers(), 1);
}

TEST_F(LiveHubTest, the_socket_is_for_its_owner_only_and_goes_with_the_hub) {
  auto hub = LiveHub::start(path_).value();

  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  hub.reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(LiveHubTest, a_second_hub_is_refused_while_the_first_listens) {
  const auto hub = LiveHub::start(path_).value();

  const auto second = LiveHub::start(path_);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_TRUE(LiveReader(path_).connected());
}

TEST_F(LiveHubTest, a_reader_that_no_descriptor_is_left_for_waits_and_costs_nothing) {
  const auto hub = LiveHub::start(path_).value();
  auto reader = std::make_unique<LiveReader>();
  auto shortage = std::make_unique<NoDescriptorLeft>();

  reader->connect_to(path_);
  const double busy = NoDescriptorLeft::busy_share_of(std::chrono::milliseconds{300});
  shortage.reset();

  EXPECT_LT(busy, 0.5);
  EXPECT_EQ(reader->next().type, LiveMessage::Type::snapshot);
}

TEST_F(LiveHubTest, a_socket_file_left_by_a_dead_process_is_replaced) {
  static_cast<void>(listen_at(path_).value());  // Closed at once, its file stays.
  ASSERT_TRUE(std::filesystem::exists(path_));

  const auto hub = LiveHub::start(path_);

  ASSERT_TRUE(hub) << hub.error().what;
  EXPECT_TRUE(LiveReader(path_).connected());
}

TEST_F(LiveHubTest, a_plain_file_in_its_place_is_not_removed) {
  std::ofstream(path_) << "precious";

  const auto hub = LiveHub::start(path_);

  ASSERT_FALSE(hub);
  EXPECT_THAT(hub.error().what, HasSubstr("live.sock"));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(LiveHubTest, a_path_that_is_too_long_names_the_key_to_change) {
  const auto hub = LiveHub::start(directory_ / std::string(120, 'd') / "live.sock");

  ASSERT_FALSE(hub);
  EXPECT_THAT(hub.error().what, HasSubstr("WATTLINE_RUN_DIR"));
}

}  // namespace
}  // namespace wl
