// What a client gets that comes back, and how clients share what is encoded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/live/live_hub.hpp"
#include "web/testing/live_messages.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using Type = LiveMessage::Type;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::shared_ptr<RecordingClient> client_of(std::vector<std::string> names,
                                           std::optional<ResumePoint> resume = {}) {
  LiveWish wish;
  if (!names.empty()) wish.subscription = Subscription::of(names, line_names()).value();
  wish.resume = std::move(resume);
  return std::make_shared<RecordingClient>(std::move(wish));
}

ResumePoint place_of(const RecordingClient& client) {
  return {client.got.front().epoch, client.got.back().seq};
}

/// A hub that has heard of four points.
class ResumeTest : public ::testing::Test {
 protected:
  ResumeTest() {
    hub_.on_message(snapshot({{"conveyor.power_kw", good(1)},
                              {"conveyor.status", good(1)},
                              {"station1.power_kw", good(1)},
                              {"station10.power_kw", good(1)}}));
  }
  std::shared_ptr<RecordingClient> joined(std::vector<std::string> names = {},
                                          std::optional<ResumePoint> resume = {}) {
    auto client = client_of(std::move(names), std::move(resume));
    hub_.join(client, start);
    return client;
  }

  LiveHub hub_{3s, line_names()};
};

TEST_F(ResumeTest, a_client_that_comes_back_gets_what_changed_meanwhile) {
  const auto before = joined();
  hub_.leave(before);
  hub_.on_message(values({{"conveyor.power_kw", good(2)}}));
  hub_.on_message(values({{"conveyor.power_kw", good(3)}}));
  hub_.on_message(alarms({alarm(7, "active_unacked")}, 1));

  const auto back = joined({}, place_of(*before));

  ASSERT_EQ(back->got.size(), 1u);
  EXPECT_EQ(back->got[0].type, Type::resumed);
  ASSERT_EQ(back->got[0].values.size(), 1u);
  EXPECT_EQ(back->got[0].values.at("conveyor.power_kw").value, 3);
  EXPECT_THAT(ids(back->got[0]), ElementsAre(7u));
  EXPECT_TRUE(back->got[0].link->up);
  EXPECT_EQ(hub_.figures().resumed, 1u);
}

TEST_F(ResumeTest, is_told_of_the_end_of_an_alarm_that_it_knew) {
  hub_.on_message(alarms({alarm(7, "active_unacked")}, 1));
  const auto before = joined();
  hub_.on_message(alarms({alarm(7, "normal")}, 0));

  const auto back = joined({}, ResumePoint{before->got[0].epoch, before->got[0].seq});

  ASSERT_THAT(ids(back->got[0]), ElementsAre(7u));
  EXPECT_EQ(back->got[0].alarms[0].row.state, "normal");
}

TEST_F(ResumeTest, who_missed_nothing_gets_an_empty_message) {
  const auto before = joined();

  const auto back = joined({}, place_of(*before));

  EXPECT_EQ(back->got[0].type, Type::resumed);
  EXPECT_TRUE(back->got[0].values.empty());
}

TEST_F(ResumeTest, another_process_another_subscription_or_a_later_number_gets_a_snapshot) {
  const auto before = joined();
  const ResumePoint place = place_of(*before);

  const auto other_process = joined({}, ResumePoint{"0123456789abcdef-811c9dc5", place.seq});
  const auto other_devices = joined({"conveyor"}, place);
  const auto ahead = joined({}, ResumePoint{place.epoch, place.seq + 1});

  EXPECT_EQ(other_process->got[0].type, Type::snapshot);
  EXPECT_EQ(other_devices->got[0].type, Type::snapshot);
  EXPECT_EQ(ahead->got[0].type, Type::snapshot);
  EXPECT_EQ(hub_.figures().not_resumed, 3u);
}

TEST_F(ResumeTest, a_collector_that_came_back_with_the_same_points_does_not_break_it) {
  const auto before = joined();
  hub_.on_message(snapshot({{"conveyor.power_kw", good(1)},
                            {"conveyor.status", good(5)},
                            {"station1.power_kw", good(1)},
                            {"station10.power_kw", good(1)}}));

  const auto back = joined({}, ResumePoint{before->got[0].epoch, before->got[0].seq});

  EXPECT_EQ(back->got[0].type, Type::resumed);
  EXPECT_EQ(back->got[0].values.size(), 1u);
}

TEST_F(ResumeTest, a_point_that_vanished_makes_it_a_snapshot) {
  const auto before = joined();
  hub_.on_message(snapshot({{"conveyor.power_kw", good(1)}}));

  const auto back = joined({}, ResumePoint{before->got[0].epoch, before->got[0].seq});

  EXPECT_EQ(back->got[0].type, Type::snapshot);
}

TEST_F(ResumeTest, too_many_ended_alarms_make_it_a_snapshot) {
  const auto before = joined();
  for (std::uint64_t id = 1; id <= LiveState::max_ended + 1; ++id) {
    hub_.on_message(alarms({alarm(id, "normal")}, 0));
  }

  const auto back = joined({}, ResumePoint{before->got[0].epoch, before->got[0].seq});

  EXPECT_EQ(back->got[0].type, Type::snapshot);
}

TEST_F(ResumeTest, the_snapshot_says_what_it_is_limited_to) {
  const auto client = joined({"conveyor.power_kw", "station1"});

  EXPECT_THAT(client->got[0].devices, ElementsAre("conveyor.power_kw", "station1"));
  EXPECT_EQ(client->got[0].values.size(), 2u);
  EXPECT_THAT(*client->texts[0], HasSubstr(R"("devices":["conveyor.power_kw","station1"])"));
}

TEST_F(ResumeTest, clients_with_the_same_subscription_share_one_text) {
  const auto first = joined({"conveyor"});
  const auto second = joined({"conveyor"});
  const auto third = joined();

  hub_.on_message(values({{"conveyor.power_kw", good(2)}}));

  EXPECT_EQ(first->texts[0], second->texts[0]);
  EXPECT_EQ(first->texts[1], second->texts[1]);
  EXPECT_NE(first->texts[1], third->texts[1]);
  EXPECT_EQ(hub_.figures().groups, 2u);
}

TEST_F(ResumeTest, changes_elsewhere_cost_a_group_one_proof_of_life_a_second) {
  const auto client = joined({"conveyor"});

  for (int i = 0; i < 50; ++i) {
    hub_.on_message(values({{"station1.power_kw", good(i)}}, start + i * 20ms));
  }

  ASSERT_EQ(client->got.size(), 3u);  // The snapshot, one at 0 ms, one at 900 ms.
  EXPECT_TRUE(client->got[1].values.empty());
}

TEST_F(ResumeTest, a_change_of_subscription_is_answered_by_a_snapshot_of_it) {
  const auto client = joined();
  const auto neighbour = joined();

  hub_.subscribe(*client, Subscription::of({"station1"}, line_names()).value(), start);
  hub_.on_message(values({{"conveyor.power_kw", good(2)}, {"station1.power_kw", good(3)}}));

  ASSERT_EQ(client->got.size(), 3u);
  EXPECT_EQ(client->got[1].type, Type::snapshot);
  EXPECT_EQ(client->got[1].values.size(), 1u);
  EXPECT_EQ(client->got[2].values.size(), 1u);
  EXPECT_EQ(neighbour->got.back().values.size(), 2u);
}

TEST_F(ResumeTest, those_who_leave_get_nothing_more_and_empty_groups_go) {
  const auto first = joined();
  const auto second = joined();
  const auto third = joined({"conveyor"});

  hub_.leave(first);
  hub_.leave(first);
  hub_.leave(third);
  hub_.on_message(values({{"conveyor.power_kw", good(2)}}));

  EXPECT_EQ(first->got.size(), 1u);
  EXPECT_EQ(second->got.size(), 2u);
  EXPECT_EQ(hub_.clients(), 1u);
  EXPECT_EQ(hub_.figures().groups, 1u);
}

TEST(Mailbox, what_was_folded_has_the_number_of_the_last_and_only_in_its_last_part) {
  Mailbox mailbox;
  LiveMessage first = values({{"a", good(1)}});
  first.seq = 4;
  LiveMessage second = link_down();
  second.seq = 5;
  mailbox.offer(make_pushed(first));
  mailbox.offer(make_pushed(second));

  const auto link = decode_live(*mailbox.next());
  const auto rest = decode_live(*mailbox.next());

  EXPECT_EQ(link->seq, 0u);
  EXPECT_EQ(rest->type, Type::values);
  EXPECT_EQ(rest->seq, 5u);
}

TEST(Mailbox, deltas_fold_into_a_waiting_resumed_message_and_the_end_of_an_alarm_stays) {
  Mailbox mailbox;
  LiveMessage resumed = values({{"a", good(1)}});
  resumed.type = Type::resumed;
  resumed.epoch = "e";
  mailbox.offer(make_pushed(resumed));
  mailbox.offer(make_pushed(values({{"b", good(2)}})));
  mailbox.offer(make_pushed(alarms({alarm(3, "normal")}, 0)));

  const auto message = decode_live(*mailbox.next());

  EXPECT_EQ(message->type, Type::resumed);
  EXPECT_EQ(message->epoch, "e");
  EXPECT_EQ(message->values.size(), 2u);
  EXPECT_THAT(ids(*message), ElementsAre(3u));
  EXPECT_EQ(mailbox.next(), nullptr);
}

}  // namespace
}  // namespace wl::web
