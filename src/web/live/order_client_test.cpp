#include "web/live/order_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "web/testing/order_taker.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// A directory of its own.
class OrderClientTest : public ::testing::Test {
 protected:
  OrderClientTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-order-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~OrderClientTest() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path socket() const { return directory_ / "live.sock"; }
  static LiveOrder acknowledge() {
    LiveOrder order;
    order.kind = LiveOrder::Kind::acknowledge;
    order.ids = {12};
    order.by = "admin";
    order.note = "已派人";
    return order;
  }

  std::filesystem::path directory_;
};

TEST_F(OrderClientTest, gives_an_order_and_brings_the_answer_back) {
  LiveOrder heard;
  const testing::OrderTaker collector(directory_, [&](const LiveOrder& order) {
    heard = order;
    AlarmRow row;
    row.id = 12;
    return LiveAnswer{.ref = 0, .error = {}, .alarms = {row}, .refused = {}};
  });
  OrderClient client(socket());

  const auto first = client.give(acknowledge());
  const auto second = client.give(acknowledge());

  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->alarms.front().id, 12u);
  EXPECT_TRUE(second);
  EXPECT_EQ(heard.note, "已派人");
}

TEST_F(OrderClientTest, a_refusal_is_an_answer) {
  const testing::OrderTaker collector(directory_, [](const LiveOrder&) {
    return LiveAnswer{.ref = 0, .error = Error{Errc::conflict, "was acknowledged"}};
  });

  const auto answer = OrderClient(socket()).give(acknowledge());

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error->code, Errc::conflict);
}

TEST_F(OrderClientTest, without_a_collector_it_says_so_at_once) {
  const auto answer = OrderClient(socket()).give(acknowledge());

  EXPECT_EQ(answer.error().code, Errc::unavailable);
  EXPECT_THAT(answer.error().what, HasSubstr("is it running?"));
}

TEST_F(OrderClientTest, without_live_sock_it_goes_the_other_way_once) {
  int times = 0;
  OrderClient client(socket(), Milliseconds{1000}, [&](LiveOrder order, Milliseconds patience) {
    ++times;
    EXPECT_EQ(patience, Milliseconds{1000});
    return Result<LiveAnswer>(LiveAnswer{.ref = order.ref});
  });

  const auto answer = client.give(acknowledge());

  EXPECT_EQ(answer->ref, 1u);
  EXPECT_EQ(times, 1);
}

TEST_F(OrderClientTest, an_order_that_live_sock_took_is_not_given_again_the_other_way) {
  const testing::OrderTaker collector(directory_, [](const LiveOrder&) { return std::nullopt; });
  int times = 0;
  OrderClient client(socket(), Milliseconds{200}, [&](const LiveOrder&, Milliseconds) {
    ++times;
    return Result<LiveAnswer>(LiveAnswer{});
  });

  EXPECT_FALSE(client.give(acknowledge()));
  EXPECT_EQ(times, 0);
}

TEST_F(OrderClientTest, a_collector_that_keeps_silent_is_waited_for_no_longer_than_allowed) {
  const testing::OrderTaker collector(directory_, [](const LiveOrder&) { return std::nullopt; });
  const auto begin = std::chrono::steady_clock::now();

  const auto answer = OrderClient(socket(), Milliseconds{200}).give(acknowledge());

  EXPECT_EQ(answer.error().code, Errc::unavailable);
  EXPECT_THAT(answer.error().what, HasSubstr("did not answer in time"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

}  // namespace
}  // namespace wl::web
