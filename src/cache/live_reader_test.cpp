// Against a real redis-server.
#include "cache/live_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

#include "cache/orders.hpp"
#include "cache/testing/redis_server.hpp"

namespace wl::cache {
namespace {

using namespace std::chrono_literals;
using testing::Publisher;
using testing::RedisServer;
using Type = LiveMessage::Type;
using ::testing::HasSubstr;

LiveMessage values(Type type, std::map<std::string, double> all) {
  LiveMessage message{.type = type, .ts = Timestamp{1'000'000s}};
  for (const auto& [key, value] : all) message.values[key] = {value, quality::good, message.ts};
  if (type == Type::snapshot) message.link = LiveLink{true, "", message.ts};
  return message;
}

/// What comes until there is something, at most 8 s; the error ends it.
Result<std::vector<LiveMessage>> next(LiveReader& reader) {
  const auto end = std::chrono::steady_clock::now() + 8s;
  while (std::chrono::steady_clock::now() < end) {
    pollfd watched{reader.fd(), POLLIN, 0};
    ::poll(&watched, 1, 50);
    auto taken = reader.take();
    if (!taken || !taken->empty()) return taken;
  }
  return fail(Errc::not_found, "nothing came");
}

class LiveReaderTest : public ::testing::Test {
 protected:
  std::unique_ptr<LiveReader> open() { return LiveReader::open(redis_.options()).value(); }

  RedisServer redis_;
};

TEST_F(LiveReaderTest, begins_with_the_hashes_and_goes_on_with_the_channel) {
  Publisher collector(redis_.options());
  collector.publish(values(Type::snapshot, {{"a.x", 1}, {"a.y", 2}}));
  collector.publish(values(Type::values, {{"a.x", 3}}));
  const auto reader = open();

  const auto first = next(*reader).value();
  collector.publish(values(Type::values, {{"a.y", 4}}));
  const auto second = next(*reader).value();

  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].type, Type::snapshot);
  EXPECT_EQ(first[0].values.at("a.x").value, 3);
  EXPECT_TRUE(first[0].link->up);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].values.at("a.y").value, 4);
  EXPECT_EQ(second[0].seq, first[0].seq + 1);
}

TEST_F(LiveReaderTest, misses_nothing_however_its_beginning_falls_between_two_messages) {
  Publisher collector(redis_.options());
  collector.publish(values(Type::snapshot, {{"a.x", 0}}));
  std::jthread publishing([&collector] {
    for (int i = 1; i <= 2000; ++i) collector.publish(values(Type::values, {{"a.x", double(i)}}));
  });

  const auto reader = open();
  std::uint64_t seq = 0;
  std::uint64_t gaps = 0;
  while (seq < 2001) {
    const auto taken = next(*reader);
    ASSERT_TRUE(taken) << taken.error().what;
    for (const LiveMessage& message : *taken) {
      if (message.type == Type::values && message.seq != seq + 1) ++gaps;
      seq = message.seq;
    }
  }

  EXPECT_EQ(gaps, 0u);
}

TEST_F(LiveReaderTest, another_collector_begins_with_a_snapshot) {
  Publisher first(redis_.options(), "aaaa");
  first.publish(values(Type::snapshot, {{"a.x", 1}, {"old.y", 1}}));
  const auto reader = open();
  next(*reader).value();

  Publisher second(redis_.options(), "bbbb");
  second.publish(values(Type::snapshot, {{"a.x", 2}}));

  const auto taken = next(*reader).value();
  EXPECT_EQ(taken[0].type, Type::snapshot);
  EXPECT_EQ(taken[0].values.size(), 1u);
}

TEST_F(LiveReaderTest, flushed_hashes_are_not_taken_for_the_whole_until_they_are_written_again) {
  Publisher collector(redis_.options());
  collector.publish(values(Type::snapshot, {{"a.x", 1}, {"a.y", 2}}));
  redis_.run({"FLUSHALL"});
  const std::int64_t points = collector.publish(values(Type::values, {{"a.x", 3}}));
  const auto reader = open();
  const auto damaged = reader->take().value();

  collector.publish(values(Type::snapshot, {{"a.x", 3}, {"a.y", 2}}));
  const auto mended = next(*reader).value();

  EXPECT_EQ(points, 1);
  EXPECT_TRUE(damaged.empty());
  EXPECT_EQ(mended[0].values.size(), 2u);
}

TEST_F(LiveReaderTest, what_no_collector_can_have_written_is_refused) {
  Publisher collector(redis_.options());
  collector.publish(values(Type::snapshot, {{"a.x", 1}}));
  const auto reader = open();
  next(*reader).value();

  redis_.run({"PUBLISH", "wattline:3:live", "{\"type\":\"values\""});

  EXPECT_THAT(next(*reader).error().what, HasSubstr("not a live message"));
}

TEST_F(LiveReaderTest, a_value_in_the_hash_that_is_none_is_refused) {
  Publisher collector(redis_.options());
  collector.publish(values(Type::snapshot, {{"a.x", 1}}));
  redis_.run({"HSET", "wattline:3:latest", "a.x", R"({"v":1,"q":"good"})"});
  const auto reader = open();

  EXPECT_EQ(next(*reader).error().code, Errc::invalid_argument);
}

TEST_F(LiveReaderTest, tells_that_redis_was_killed) {
  const auto reader = open();

  redis_.kill();

  EXPECT_THAT(next(*reader).error().what, HasSubstr("Redis at 127.0.0.1"));
}

TEST_F(LiveReaderTest, tells_a_halted_redis_from_a_silent_collector) {
  const auto reader = open();
  const auto silent = next(*reader);
  const auto other = open();

  redis_.halt();
  const auto halted = next(*other);
  redis_.go_on();

  EXPECT_THAT(silent.error().what, HasSubstr("no collector spoke there for 5 s"));
  EXPECT_THAT(halted.error().what, HasSubstr("does not answer within 500 ms"));
}

TEST(RedisPassword, is_asked_for_by_its_key) {
  const RedisServer redis("s3cret");
  RedisOptions options = redis.options();
  ASSERT_TRUE(LiveReader::open(options));
  options.password = "wrong";

  const auto refused = LiveReader::open(options);

  EXPECT_THAT(refused.error().what, HasSubstr("REDIS_PASSWORD in .env"));
}

TEST(RedisAway, names_the_place_and_the_keys_to_look_at) {
  RedisOptions options{.host = "127.0.0.1", .port = 1};

  EXPECT_THAT(LiveReader::open(options).error().what, HasSubstr("REDIS_HOST"));
}

class RedisOrderTest : public ::testing::Test {
 protected:
  static LiveOrder acknowledge() {
    LiveOrder order;
    order.kind = LiveOrder::Kind::acknowledge;
    order.ref = 7;
    order.ids = {12};
    order.by = "admin";
    return order;
  }

  RedisServer redis_;
};

TEST_F(RedisOrderTest, reaches_the_collector_and_brings_the_answer_back) {
  const auto listener = OrderListener::open(redis_.options()).value();
  std::jthread collector([&] {
    std::vector<OrderRequest> heard;
    while (heard.empty()) {
      pollfd watched{listener->fd(), POLLIN, 0};
      if (::poll(&watched, 1, 5000) <= 0) return;
      heard = listener->take().value();
    }
    LiveMessage message{.type = Type::answer};
    message.answer = LiveAnswer{.ref = heard[0].order.ref};
    redis_.run({"PUBLISH", "wattline:3:answer:" + heard[0].answer_id, encode_live(message)});
  });

  const auto answer = give_order(redis_.options(), acknowledge(), 5s);

  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->ref, 7u);
}

TEST_F(RedisOrderTest, without_a_collector_it_fails_at_once_and_is_not_kept) {
  const auto answer = give_order(redis_.options(), acknowledge(), 5s);

  EXPECT_THAT(answer.error().what, HasSubstr("no collector hears orders"));
  EXPECT_TRUE(redis_.run({"KEYS", "*"}).items.empty());
}

TEST_F(RedisOrderTest, a_collector_that_keeps_silent_is_waited_for_no_longer_than_allowed) {
  const auto listener = OrderListener::open(redis_.options()).value();
  const auto begin = std::chrono::steady_clock::now();

  const auto answer = give_order(redis_.options(), acknowledge(), 300ms);

  EXPECT_THAT(answer.error().what, HasSubstr("did not answer in time"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST_F(RedisOrderTest, what_is_no_order_is_counted_and_dropped) {
  const auto listener = OrderListener::open(redis_.options()).value();
  redis_.run({"PUBLISH", "wattline:3:orders", "acknowledge everything"});
  pollfd watched{listener->fd(), POLLIN, 0};
  ::poll(&watched, 1, 5000);

  const auto heard = listener->take();

  EXPECT_TRUE(heard->empty());
  EXPECT_EQ(listener->refused(), 1u);
}

TEST(OrderRequest, reads_back_as_it_was_written_and_refuses_the_rest) {
  LiveOrder order;
  order.by = "admin";
  order.ref = 3;
  const std::string id(32, 'a');

  const auto again = read_request(request_text({id, order}));

  EXPECT_EQ(again->answer_id, id);
  EXPECT_EQ(again->order, order);
  EXPECT_FALSE(read_request(std::string(31, 'a') + "  " + encode_order(order)));
  EXPECT_FALSE(read_request(std::string(31, 'a') + "* " + encode_order(order)));
  EXPECT_FALSE(read_request(id + " {}"));
}

}  // namespace
}  // namespace wl::cache
