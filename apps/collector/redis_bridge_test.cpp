// The collector's live socket, a real redis-server and what a web process gets of both.
#include "apps/collector/redis_bridge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>

#include "apps/collector/live_hub.hpp"
#include "cache/live_reader.hpp"
#include "cache/orders.hpp"
#include "cache/testing/redis_server.hpp"

namespace wl {
namespace {

using namespace std::chrono_literals;
using cache::testing::RedisServer;
using ::testing::HasSubstr;

LiveMessage news(double power) {
  LiveMessage message;
  message.values["conveyor.power_kw"] = {power, quality::good, Timestamp{1'000'000s}};
  return message;
}

class RedisBridgeTest : public ::testing::Test {
 protected:
  RedisBridgeTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-bridge-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    hub_ = LiveHub::start(directory_ / "live.sock").value();
    hub_->post(news(1));
  }
  ~RedisBridgeTest() override {
    bridge_.reset();
    hub_.reset();
    std::filesystem::remove_all(directory_);
  }

  void begin() {
    bridge_ = std::make_unique<RedisBridge>(redis_.options(), directory_ / "live.sock");
  }
  template <class Condition>
  static bool becomes(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 15s;
    bool holds = condition();
    while (!holds && std::chrono::steady_clock::now() < end) {
      ::poll(nullptr, 0, 20);
      holds = condition();
    }
    return holds;
  }
  /// A web process, from a connection of its own on, sees this power at some time.
  bool shows(double power) {
    std::unique_ptr<cache::LiveReader> reader;
    return becomes([&] {
      if (!reader) reader = cache::LiveReader::open(redis_.options()).value_or(nullptr);
      auto taken = reader ? reader->take() : fail(Errc::unavailable, "");
      if (!taken) reader.reset();
      return taken && std::ranges::any_of(*taken, [power](const LiveMessage& message) {
               const auto value = message.values.find("conveyor.power_kw");
               return value != message.values.end() && value->second.value == power;
             });
    });
  }

  std::filesystem::path directory_;
  RedisServer redis_;
  std::unique_ptr<LiveHub> hub_;
  std::unique_ptr<RedisBridge> bridge_;
};

TEST_F(RedisBridgeTest, shows_the_line_in_redis) {
  begin();

  EXPECT_TRUE(shows(1));
  hub_->post(news(2));
  EXPECT_TRUE(shows(2));
  EXPECT_TRUE(bridge_->figures().up);
}

TEST_F(RedisBridgeTest, writes_everything_again_after_redis_was_flushed) {
  begin();
  ASSERT_TRUE(shows(1));

  redis_.run({"FLUSHALL"});

  EXPECT_TRUE(shows(1));
  EXPECT_EQ(bridge_->figures().restarts, 0u);
}

TEST_F(RedisBridgeTest, comes_back_when_redis_was_killed_and_started_again) {
  begin();
  ASSERT_TRUE(shows(1));

  redis_.kill();
  EXPECT_TRUE(becomes([&] { return !bridge_->figures().up; }));
  EXPECT_THAT(bridge_->figures().reason, HasSubstr("Redis at 127.0.0.1"));
  hub_->post(news(3));
  redis_.start();

  EXPECT_TRUE(shows(3));
  EXPECT_EQ(bridge_->figures().restarts, 1u);
}

TEST_F(RedisBridgeTest, a_halted_redis_holds_nobody_up_and_gets_the_newest_afterwards) {
  begin();
  ASSERT_TRUE(shows(1));

  redis_.halt();
  for (int i = 0; i < 20'000; ++i) hub_->post(news(i));
  EXPECT_TRUE(becomes([&] { return !bridge_->figures().up; }));
  redis_.go_on();

  EXPECT_TRUE(shows(19'999));
}

TEST_F(RedisBridgeTest, a_slow_redis_is_waited_for) {
  begin();
  ASSERT_TRUE(shows(1));

  redis_.run({"CLIENT", "PAUSE", "300"});
  hub_->post(news(5));

  EXPECT_TRUE(shows(5));
  EXPECT_EQ(bridge_->figures().restarts, 0u);
}

TEST_F(RedisBridgeTest, takes_an_order_to_the_collector_and_its_answer_back) {
  LiveOrder heard;
  hub_->take_orders([&](ReaderId from, const LiveOrder& order) {
    heard = order;
    hub_->answer(from, {.ref = order.ref});
  });
  begin();
  ASSERT_TRUE(shows(1));
  LiveOrder order;
  order.kind = LiveOrder::Kind::acknowledge;
  order.ref = 77;
  order.ids = {12};
  order.by = "admin";

  const auto answer = cache::give_order(redis_.options(), order, 5s);

  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->ref, 77u);
  EXPECT_EQ(heard.ids, std::vector<std::uint64_t>{12});
  EXPECT_EQ(bridge_->figures().orders, 1u);
}

TEST_F(RedisBridgeTest, without_redis_it_says_where_it_looked) {
  redis_.kill();

  begin();

  EXPECT_TRUE(becomes([&] { return bridge_->figures().reason != RedisFigures{}.reason; }));
  EXPECT_THAT(bridge_->figures().reason, HasSubstr("REDIS_PORT"));
}

}  // namespace
}  // namespace wl
