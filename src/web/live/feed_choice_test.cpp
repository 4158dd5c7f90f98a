// Against a real redis-server and a live.sock.
#include "web/live/feed_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounded_queue.hpp"
#include "cache/testing/redis_server.hpp"
#include "web/testing/live_messages.hpp"
#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using cache::testing::Publisher;
using cache::testing::RedisServer;
using ::testing::HasSubstr;

/// The loop's place is taken by the test: it does what was posted until something is true.
class FeedChoiceTest : public ::testing::Test {
 protected:
  FeedChoiceTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-choice-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    hub_.join(client_, start);
  }
  ~FeedChoiceTest() override {
    hub_.leave(client_);
    std::filesystem::remove_all(directory_);
  }

  std::unique_ptr<FeedChoice> begin() {
    const PostToLoop post = [this](Task task) { tasks_.push(std::move(task)); };
    return std::make_unique<FeedChoice>(redis_.options(), directory_ / "live.sock", post, hub_);
  }
  template <class Condition>
  bool becomes(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 15s;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      for (Task& task : tasks_.drain(20ms)) task();
    }
    return condition();
  }
  bool shows(double power) {
    return becomes([&] {
      const auto value = hub_.state().value("conveyor.power_kw");
      return value && value->value == power;
    });
  }
  static LiveMessage line(double power) { return snapshot({{"conveyor.power_kw", good(power)}}); }

  std::filesystem::path directory_;
  RedisServer redis_;
  BoundedQueue<Task> tasks_{10'000, WhenFull::refuse};
  LiveHub hub_{3s, line_names()};
  std::shared_ptr<RecordingClient> client_ = std::make_shared<RecordingClient>();
};

TEST_F(FeedChoiceTest, takes_the_line_from_redis) {
  Publisher collector(redis_.options());
  collector.publish(line(1));
  const auto feed = begin();

  EXPECT_TRUE(shows(1));
  collector.publish(values({{"conveyor.power_kw", good(2)}}));
  EXPECT_TRUE(shows(2));
  EXPECT_EQ(hub_.figures().source, "redis");
  EXPECT_EQ(hub_.figures().source_note, "");
}

TEST_F(FeedChoiceTest, without_a_live_sock_a_killed_redis_is_a_lost_feed_until_it_is_back) {
  auto collector = std::make_unique<Publisher>(redis_.options());
  collector->publish(line(1));
  const auto feed = begin();
  ASSERT_TRUE(shows(1));

  redis_.kill();
  EXPECT_TRUE(becomes([&] { return !hub_.state().link().up; }));
  EXPECT_THAT(hub_.state().link().reason, HasSubstr("Redis at 127.0.0.1"));
  redis_.start();
  collector = std::make_unique<Publisher>(redis_.options(), "cd34");
  collector->publish(line(5));

  EXPECT_TRUE(shows(5));
  EXPECT_TRUE(hub_.state().link().up);
}

TEST_F(FeedChoiceTest, takes_live_sock_while_redis_is_halted_says_so_and_returns) {
  FakeCollector socket(directory_);
  Publisher collector(redis_.options());
  collector.publish(line(1));
  const auto feed = begin();
  ASSERT_TRUE(shows(1));

  redis_.halt();
  ASSERT_TRUE(becomes([&] { return hub_.figures().source == "live.sock"; }));
  socket.accept();
  socket.send_line(encode_live(line(2)));
  EXPECT_TRUE(shows(2));
  EXPECT_THAT(hub_.figures().source_note, HasSubstr("Redis"));
  EXPECT_TRUE(hub_.state().link().up);

  redis_.go_on();
  Publisher again(redis_.options(), "cd34");
  again.publish(line(3));
  EXPECT_TRUE(shows(3));
  EXPECT_EQ(hub_.figures().source, "redis");
}

}  // namespace
}  // namespace wl::web
