#include <gtest/gtest.h>

#include "web/live/live_hub.hpp"
#include "web/testing/live_messages.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using Type = LiveMessage::Type;

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
  LiveHub hub{3s, line_names()};
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
  LiveHub hub{3s, line_names()};
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
  LiveHub hub{3s, line_names()};
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

TEST(LiveState, its_snapshot_has_the_alarms_that_are_not_normal) {
  LiveState state{3s};
  state.apply(snapshot({}));
  state.apply(alarms({alarm(1, "active_unacked"), alarm(2, "active_unacked")}, 2));
  state.apply(alarms({alarm(1, "normal", "acknowledge"), alarm(2, "active_acked")}, 1));

  const LiveMessage shown = state.snapshot(start);

  ASSERT_EQ(ids(shown), std::vector<std::uint64_t>{2});
  EXPECT_EQ(shown.alarms[0].row.state, "active_acked");
  EXPECT_EQ(shown.alarm_counts->active, 1);
}

TEST(LiveState, a_new_snapshot_forgets_the_alarms_that_it_does_not_name) {
  LiveState state{3s};
  state.apply(alarms({alarm(1, "active_unacked")}, 1));

  state.apply(snapshot({}));

  EXPECT_TRUE(state.snapshot(start).alarms.empty());
}

TEST(LiveState, of_very_many_alarms_it_keeps_the_newest) {
  LiveState state{3s};

  state.apply(many_alarms(1, max_live_alarms));
  state.apply(many_alarms(1 + max_live_alarms, 2));

  const LiveMessage shown = state.snapshot(start);
  ASSERT_EQ(shown.alarms.size(), max_live_alarms);
  EXPECT_EQ(shown.alarms.front().row.id, 3u);
  EXPECT_EQ(shown.alarms.back().row.id, max_live_alarms + 2);
}

TEST(LiveHub, passes_alarms_on_but_no_answer) {
  LiveHub hub{3s, line_names()};
  const auto client = std::make_shared<RecordingClient>();
  hub.join(client, start);
  LiveMessage answer;
  answer.type = Type::answer;
  answer.answer = LiveAnswer{.ref = 1};

  hub.on_message(answer);
  hub.on_message(alarms({alarm(1, "active_unacked")}, 1));

  ASSERT_EQ(client->got.size(), 2u);
  EXPECT_EQ(client->got.back().type, Type::alarm);
}

TEST(LiveHub, a_client_for_whom_too_many_alarms_wait_gets_a_snapshot_instead) {
  LiveHub hub{3s, line_names()};
  const auto client = std::make_shared<RecordingClient>();
  hub.join(client, start);
  client->refuses_alarms = true;

  hub.on_message(alarms({alarm(1, "active_unacked")}, 1));

  ASSERT_EQ(client->got.size(), 2u);
  EXPECT_EQ(client->got.back().type, Type::snapshot);
  EXPECT_EQ(ids(client->got.back()), std::vector<std::uint64_t>{1});
}

TEST(Mailbox, a_slow_client_gets_the_newest_row_of_each_alarm_and_then_the_values) {
  Mailbox mailbox;
  mailbox.offer(make_pushed(values({{"a", good(1)}})));
  mailbox.offer(make_pushed(alarms({alarm(1, "active_unacked"), alarm(2, "active_unacked")}, 2)));
  mailbox.offer(make_pushed(alarms({alarm(1, "normal", "acknowledge")}, 1)));

  const auto first = decode_live(*mailbox.next());
  const auto second = decode_live(*mailbox.next());

  EXPECT_EQ(first->type, Type::alarm);
  ASSERT_EQ(ids(*first), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(first->alarms[0].event, "acknowledge");
  EXPECT_EQ(first->alarm_counts->active, 1);
  EXPECT_EQ(second->type, Type::values);
  EXPECT_EQ(second->values.at("a").value, 1);
  EXPECT_EQ(mailbox.next(), nullptr);
}

TEST(Mailbox, alarms_alone_bring_no_empty_values) {
  Mailbox mailbox;
  mailbox.offer(make_pushed(alarms({alarm(1, "active_unacked")}, 1)));
  mailbox.offer(make_pushed(alarms({alarm(2, "active_unacked")}, 2)));

  EXPECT_EQ(ids(*decode_live(*mailbox.next())), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(mailbox.next(), nullptr);
}

TEST(Mailbox, alarms_fold_into_a_waiting_snapshot_and_those_that_are_over_leave_it) {
  Mailbox mailbox;
  LiveMessage whole = snapshot({});
  whole.alarms = {alarm(1, "active_unacked", ""), alarm(2, "active_unacked", "")};
  mailbox.offer(make_pushed(whole));
  mailbox.offer(make_pushed(alarms({alarm(1, "normal"), alarm(3, "active_unacked")}, 2)));

  const auto message = decode_live(*mailbox.next());

  EXPECT_EQ(message->type, Type::snapshot);
  EXPECT_EQ(ids(*message), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(message->alarms[1].event, "");
  EXPECT_EQ(mailbox.next(), nullptr);
}

TEST(Mailbox, more_alarms_than_a_snapshot_holds_are_not_taken) {
  Mailbox mailbox;
  mailbox.offer(make_pushed(many_alarms(1, max_live_alarms)));

  EXPECT_FALSE(mailbox.offer(make_pushed(many_alarms(9000, 1))));
  EXPECT_TRUE(mailbox.offer(make_pushed(values({{"a", good(1)}}))));
  EXPECT_TRUE(mailbox.offer(make_pushed(snapshot({{"a", good(2)}}))));
  EXPECT_EQ(decode_live(*mailbox.next())->type, Type::snapshot);
  EXPECT_EQ(mailbox.next(), nullptr);
}

}  // namespace
}  // namespace wl::web
