#include <gtest/gtest.h>

#include "web/live/live_hub.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using Type = LiveMessage::Type;

constexpr Timestamp start = Timestamp{1'000'000'000s};

LiveMessage values(std::map<std::string, LiveValue> changed, Timestamp at = start) {
  LiveMessage message;
  message.ts = at;
  message.values = std::move(changed);
  return message;
}

LiveMessage snapshot(std::map<std::string, LiveValue> all, Timestamp at = start) {
  LiveMessage message = values(std::move(all), at);
  message.type = Type::snapshot;
  message.link = LiveLink{true, "", start};
  return message;
}

LiveMessage link_down() {
  LiveMessage message;
  message.type = Type::link;
  message.ts = start;
  message.link = LiveLink{false, "gateway gone", start};
  return message;
}

LiveValue good(double value) {
  return LiveValue{value, quality::good, start};
}

class RecordingClient : public PushClient {
 public:
  void push(const Pushed& pushed) override { got.push_back(*pushed.message); }
  void close(std::string_view reason) override { closed = reason; }
  const std::string& session() const override { return session_; }

  std::vector<LiveMessage> got;
  std::string closed;

 private:
  std::string session_ = "s";
};

TEST(LiveState, is_fresh_while_the_collector_speaks_and_its_link_is_up) {
  LiveState state{3s};
  state.apply(snapshot({{"a", good(1)}}));

  EXPECT_TRUE(state.fresh(start + 2s));
  EXPECT_FALSE(state.fresh(start + 3s));
  state.apply(link_down());
  EXPECT_FALSE(state.fresh(start));
}

TEST(LiveState, rounds_the_noise_of_single_precision_away) {
  LiveState state{3s};

  state.apply(snapshot({{"a", good(double(2.93f))}}));

  EXPECT_EQ(state.value("a")->value, 2.93);
}

TEST(LiveHub, passes_an_empty_proof_of_life_on_so_that_steady_values_do_not_look_stale) {
  LiveHub hub{3s};
  const auto client = std::make_shared<RecordingClient>();
  hub.on_message(snapshot({{"a", good(1)}}));
  hub.join(client, start);

  hub.on_message(values({}, start + 1s));

  ASSERT_EQ(client->got.size(), 2U);
  EXPECT_EQ(client->got.back().ts, start + 1s);
  EXPECT_TRUE(hub.state().fresh(start + 3s));
}

TEST(LiveState, a_lost_feed_is_told_once_and_keeps_its_first_moment) {
  LiveState state{3s};
  state.apply(snapshot({{"a", good(1)}}));

  const auto told = state.feed_lost("collector gone", start + 5s);
  const auto again = state.feed_lost("collector gone", start + 6s);

  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->link, (LiveLink{false, "collector gone", start + 5s}));
  EXPECT_FALSE(again.has_value());
  EXPECT_EQ(state.value("a")->value, 1);
}

TEST(LiveHub, a_client_gets_a_snapshot_and_then_only_what_changed) {
  LiveHub hub{3s};
  hub.on_message(snapshot({{"a", good(1)}, {"b", good(2)}}));
  const auto client = std::make_shared<RecordingClient>();

  hub.join(client, start);
  hub.on_message(values({{"a", good(3)}}));

  ASSERT_EQ(client->got.size(), 2u);
  EXPECT_EQ(client->got[0].type, Type::snapshot);
  EXPECT_EQ(client->got[0].values.size(), 2u);
  EXPECT_EQ(client->got[1].values.size(), 1u);
}

TEST(LiveHub, signing_out_closes_the_clients_of_that_session_only) {
  LiveHub hub{3s};
  const auto client = std::make_shared<RecordingClient>();
  hub.join(client, start);

  hub.end_session("other", "signed out");
  EXPECT_EQ(client->closed, "");
  hub.end_session("s", "signed out");
  EXPECT_EQ(client->closed, "signed out");
}

TEST(Mailbox, a_quick_client_gets_the_shared_text) {
  Mailbox mailbox;
  const Pushed pushed = make_pushed(values({{"a", good(1)}}));

  mailbox.offer(pushed);

  EXPECT_EQ(mailbox.next(), pushed.text);
  EXPECT_EQ(mailbox.next(), nullptr);
}

TEST(Mailbox, a_slow_client_gets_the_latest_of_each_point_in_one_message) {
  Mailbox mailbox;
  mailbox.offer(make_pushed(values({{"a", good(1)}, {"b", good(1)}})));
  mailbox.offer(make_pushed(values({{"a", good(2)}})));
  mailbox.offer(make_pushed(values({{"a", good(3)}})));

  const auto message = decode_live(*mailbox.next());

  EXPECT_EQ(message->values.at("a").value, 3);
  EXPECT_EQ(message->values.at("b").value, 1);
  EXPECT_TRUE(mailbox.empty());
  EXPECT_EQ(mailbox.conflated(), 2u);
}

TEST(Mailbox, deltas_fold_into_a_waiting_snapshot) {
  Mailbox mailbox;
  mailbox.offer(make_pushed(snapshot({{"a", good(1)}, {"b", good(1)}})));
  mailbox.offer(make_pushed(values({{"a", good(2)}})));

  const auto message = decode_live(*mailbox.next());

  EXPECT_EQ(message->type, Type::snapshot);
  EXPECT_EQ(message->values.at("a").value, 2);
  EXPECT_EQ(message->values.size(), 2u);
}

TEST(Mailbox, a_link_change_is_told_before_the_values_it_was_folded_with) {
  Mailbox mailbox;
  mailbox.offer(make_pushed(values({{"a", good(1)}})));
  mailbox.offer(make_pushed(link_down()));

  EXPECT_EQ(decode_live(*mailbox.next())->type, Type::link);
  EXPECT_EQ(decode_live(*mailbox.next())->type, Type::values);
  EXPECT_EQ(mailbox.next(), nullptr);
}

}  // namespace
}  // namespace wl::web
