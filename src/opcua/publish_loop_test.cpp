#include "opcua/publish_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::opcua {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::IsEmpty;
using testing::Optional;

constexpr std::uint32_t id = 7;
constexpr std::uint32_t good = 0;
constexpr std::uint32_t bad_message_not_available = 0x807B0000;
constexpr std::uint32_t bad_subscription_id_invalid = 0x80280000;
const SteadyTime start{std::chrono::seconds{1000}};

PublishLoop begun(std::size_t outstanding = 2) {
  PublishLoop loop(outstanding);
  loop.begin(id, Milliseconds{2500}, start);
  return loop;
}

/// With the notifications up to `sequence` delivered.
PublishLoop begun_up_to(std::uint32_t sequence) {
  PublishLoop loop = begun();
  for (std::uint32_t i = 1; i <= sequence; ++i) loop.on_response({0, 0, id, i, true}, start);
  return loop;
}

PublishResponse data(std::uint32_t sequence) {
  return {0, 0, id, sequence, true};
}

PublishResponse keep_alive(std::uint32_t next) {
  return {0, 0, id, next, false};
}

PublishResponse refusal(std::uint32_t status) {
  return {0, status, 0, 0, false};
}

std::vector<std::uint32_t> acknowledged_by(const std::optional<PublishOrder>& order) {
  return order ? order->acknowledgements : std::vector<std::uint32_t>{0};
}

TEST(PublishLoop, it_keeps_the_wanted_number_of_requests_at_the_server) {
  auto loop = begun(2);

  const auto first = loop.next_request();
  EXPECT_TRUE(first);
  EXPECT_TRUE(loop.next_request());
  EXPECT_FALSE(loop.next_request());

  loop.on_response({first->id, 0, id, 1, true}, start);
  EXPECT_TRUE(loop.next_request());
}

TEST(PublishLoop, only_released_notifications_are_acknowledged_and_only_once) {
  auto loop = begun();
  loop.on_response(data(1), start);
  loop.on_response(data(2), start);

  loop.release(loop.token(2));

  EXPECT_THAT(acknowledged_by(loop.next_request()), ElementsAre(2u));
  EXPECT_THAT(acknowledged_by(loop.next_request()), IsEmpty());
}

TEST(PublishLoop, a_token_of_an_older_subscription_is_void) {
  auto loop = begun();
  const auto old = loop.token(1);
  loop.begin(id + 1, Milliseconds{2500}, start);

  loop.release(old);

  EXPECT_THAT(acknowledged_by(loop.next_request()), IsEmpty());
}

TEST(PublishLoop, data_in_sequence_is_data) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(data(1), start), PublishVerdict::data);
  EXPECT_EQ(loop.on_response(data(2), start), PublishVerdict::data);
}

TEST(PublishLoop, data_that_came_before_is_a_duplicate) {
  auto loop = begun_up_to(5);

  EXPECT_EQ(loop.on_response(data(5), start), PublishVerdict::duplicate);
  EXPECT_EQ(loop.on_response(data(3), start), PublishVerdict::duplicate);
  EXPECT_EQ(loop.next_sequence(), 6u);
}

TEST(PublishLoop, what_follows_a_missing_number_is_held_until_it_was_republished) {
  auto loop = begun_up_to(1);

  EXPECT_EQ(loop.on_response(data(3), start), PublishVerdict::held);
  EXPECT_EQ(loop.take_ready(), std::nullopt);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(2u)));
  EXPECT_EQ(loop.next_republish(), std::nullopt);
  EXPECT_EQ(loop.on_republish(2, good, start), RepublishVerdict::data);

  EXPECT_THAT(loop.take_ready(), Optional(Eq(3u)));
  EXPECT_EQ(loop.take_ready(), std::nullopt);
  EXPECT_EQ(loop.next_republish(), std::nullopt);
  EXPECT_EQ(loop.on_response(data(4), start), PublishVerdict::data);
}

TEST(PublishLoop, a_missing_number_that_the_server_forgot_is_counted_as_lost) {
  auto loop = begun_up_to(1);
  loop.on_response(data(4), start);
  loop.next_republish();

  EXPECT_EQ(loop.on_republish(2, bad_message_not_available, start), RepublishVerdict::lost);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(3u)));
  EXPECT_EQ(loop.on_republish(3, good, start), RepublishVerdict::data);

  EXPECT_THAT(loop.take_ready(), Optional(Eq(4u)));
  EXPECT_EQ(loop.take_lost(), 1u);
  EXPECT_EQ(loop.take_lost(), 0u);
}

TEST(PublishLoop, several_holes_are_closed_in_order) {
  auto loop = begun_up_to(1);
  loop.on_response(data(3), start);
  loop.on_response(data(5), start);

  EXPECT_THAT(loop.next_republish(), Optional(Eq(2u)));
  loop.on_republish(2, good, start);
  EXPECT_THAT(loop.take_ready(), Optional(Eq(3u)));
  EXPECT_EQ(loop.take_ready(), std::nullopt);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(4u)));
  loop.on_republish(4, good, start);
  EXPECT_THAT(loop.take_ready(), Optional(Eq(5u)));
  EXPECT_EQ(loop.next_republish(), std::nullopt);
}

TEST(PublishLoop, a_number_that_no_server_keeps_so_far_back_is_broken) {
  auto loop = begun_up_to(1);

  EXPECT_EQ(loop.on_response(data(20'000), start), PublishVerdict::broken);
}

TEST(PublishLoop, the_number_0_is_never_used) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(data(0), start), PublishVerdict::broken);
}

TEST(PublishLoop, the_number_after_the_largest_is_1) {
  PublishLoop loop(2, 0xFFFFFFFE);
  loop.begin(id, Milliseconds{2500}, start);

  EXPECT_EQ(loop.on_response(data(0xFFFFFFFE), start), PublishVerdict::data);
  EXPECT_EQ(loop.on_response(data(0xFFFFFFFF), start), PublishVerdict::data);
  EXPECT_EQ(loop.on_response(data(1), start), PublishVerdict::data);
  EXPECT_EQ(loop.on_response(data(0xFFFFFFFF), start), PublishVerdict::duplicate);
}

TEST(PublishLoop, a_hole_over_the_wrap_is_closed) {
  PublishLoop loop(2, 0xFFFFFFFF);
  loop.begin(id, Milliseconds{2500}, start);

  EXPECT_EQ(loop.on_response(data(2), start), PublishVerdict::held);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(0xFFFFFFFF)));
  loop.on_republish(0xFFFFFFFF, good, start);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(1u)));
  loop.on_republish(1, good, start);
  EXPECT_THAT(loop.take_ready(), Optional(Eq(2u)));
}

TEST(PublishLoop, a_keep_alive_uses_no_number) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(keep_alive(1), start), PublishVerdict::keep_alive);
  EXPECT_EQ(loop.on_response(data(1), start), PublishVerdict::data);
}

TEST(PublishLoop, a_keep_alive_that_skips_a_number_has_it_republished) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(keep_alive(2), start), PublishVerdict::keep_alive);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(1u)));
  EXPECT_EQ(loop.on_republish(1, good, start), RepublishVerdict::data);
  EXPECT_EQ(loop.next_republish(), std::nullopt);
}

TEST(PublishLoop, a_keep_alive_with_an_old_number_is_broken) {
  auto loop = begun_up_to(3);

  EXPECT_EQ(loop.on_response(keep_alive(2), start), PublishVerdict::broken);
}

TEST(PublishLoop, after_a_new_connection_everything_sent_is_asked_for_before_publishing_goes_on) {
  auto loop = begun_up_to(4);

  loop.resume(start);

  EXPECT_EQ(loop.next_request(), std::nullopt);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(5u)));
  EXPECT_EQ(loop.on_republish(5, good, start), RepublishVerdict::data);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(6u)));
  EXPECT_EQ(loop.on_republish(6, bad_message_not_available, start), RepublishVerdict::current);
  EXPECT_EQ(loop.next_republish(), std::nullopt);
  EXPECT_TRUE(loop.next_request());
  EXPECT_EQ(loop.take_lost(), 0u);
  EXPECT_EQ(loop.on_response(data(6), start), PublishVerdict::data);
}

TEST(PublishLoop, a_notification_that_the_server_dropped_meanwhile_is_lost_not_skipped) {
  auto loop = begun_up_to(4);
  loop.resume(start);
  loop.next_republish();
  loop.on_republish(5, bad_message_not_available, start);

  EXPECT_EQ(loop.on_response(data(6), start), PublishVerdict::held);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(5u)));
  EXPECT_EQ(loop.on_republish(5, bad_message_not_available, start), RepublishVerdict::lost);

  EXPECT_THAT(loop.take_ready(), Optional(Eq(6u)));
  EXPECT_EQ(loop.take_lost(), 1u);
}

TEST(PublishLoop, acknowledgements_that_got_no_answer_are_sent_again_over_the_new_connection) {
  auto loop = begun_up_to(3);
  loop.release(loop.token(1));
  loop.release(loop.token(2));
  loop.next_request();
  loop.release(loop.token(3));

  loop.resume(start);
  loop.next_republish();
  loop.on_republish(4, bad_message_not_available, start);

  EXPECT_THAT(acknowledged_by(loop.next_request()), ElementsAre(1u, 2u, 3u));
}

TEST(PublishLoop, acknowledgements_that_were_answered_are_not_sent_again) {
  auto loop = begun_up_to(1);
  loop.release(loop.token(1));
  const auto order = loop.next_request();
  loop.on_response({order->id, 0, id, 2, true}, start);

  loop.resume(start);
  loop.next_republish();
  loop.on_republish(3, bad_message_not_available, start);

  EXPECT_THAT(acknowledged_by(loop.next_request()), IsEmpty());
}

TEST(PublishLoop, what_was_held_when_the_connection_broke_comes_again) {
  auto loop = begun_up_to(1);
  loop.on_response(data(3), start);

  loop.resume(start);

  EXPECT_EQ(loop.take_ready(), std::nullopt);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(2u)));
  loop.on_republish(2, good, start);
  EXPECT_THAT(loop.next_republish(), Optional(Eq(3u)));
}

TEST(PublishLoop, it_has_caught_up_when_the_server_has_no_more_to_tell) {
  auto loop = begun_up_to(1);
  loop.resume(start);
  loop.next_republish();
  loop.on_republish(2, bad_message_not_available, start);
  EXPECT_TRUE(loop.is_catching_up());

  loop.on_response({0, 0, id, 2, true, true}, start);
  EXPECT_TRUE(loop.is_catching_up());
  loop.on_response({0, 0, id, 3, true, false}, start);

  EXPECT_FALSE(loop.is_catching_up());
}

TEST(PublishLoop, it_has_not_caught_up_while_a_number_is_missing) {
  auto loop = begun_up_to(1);
  loop.resume(start);
  loop.next_republish();
  loop.on_republish(2, bad_message_not_available, start);

  loop.on_response(data(3), start);
  EXPECT_TRUE(loop.is_catching_up());
  loop.next_republish();
  loop.on_republish(2, bad_message_not_available, start);

  EXPECT_FALSE(loop.is_catching_up());
}

TEST(PublishLoop, it_is_behind_while_the_server_says_that_it_has_more) {
  auto loop = begun_up_to(1);
  EXPECT_FALSE(loop.is_catching_up());

  loop.on_response({0, 0, id, 2, true, true}, start);
  EXPECT_TRUE(loop.is_catching_up());
  loop.on_response({0, 0, id, 3, true, false}, start);

  EXPECT_FALSE(loop.is_catching_up());
}

TEST(PublishLoop, a_server_that_always_has_more_counts_as_alive_after_a_minute) {
  auto loop = begun_up_to(1);
  loop.on_response({0, 0, id, 2, true, true}, start);

  loop.on_response({0, 0, id, 3, true, true}, start + PublishLoop::longest_catching_up);

  EXPECT_FALSE(loop.is_catching_up());
}

TEST(PublishLoop, a_subscription_that_is_gone_cannot_be_resumed) {
  auto loop = begun_up_to(1);
  loop.resume(start);
  loop.next_republish();

  EXPECT_EQ(loop.on_republish(2, bad_subscription_id_invalid, start), RepublishVerdict::broken);
}

TEST(PublishLoop, silence_begins_after_the_last_response) {
  auto loop = begun();
  loop.on_response(keep_alive(1), start + Milliseconds{1000});

  EXPECT_FALSE(loop.is_silent(start + Milliseconds{3500}));
  EXPECT_TRUE(loop.is_silent(start + Milliseconds{3501}));
}

TEST(PublishLoop, too_many_requests_lowers_their_number_by_one) {
  auto loop = begun(2);
  const auto first = loop.next_request();
  loop.next_request();

  EXPECT_EQ(loop.on_response({first->id, 0x80780000, 0, 0, false}, start), PublishVerdict::ignored);
  EXPECT_FALSE(loop.next_request());
}

TEST(PublishLoop, a_lost_subscription_or_session_is_broken) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(refusal(0x80790000), start), PublishVerdict::broken);
  EXPECT_EQ(loop.on_response(refusal(0x80260000), start), PublishVerdict::broken);
}

TEST(PublishLoop, a_response_of_another_subscription_is_no_proof_of_life) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response({0, 0, id + 1, 1, true}, start + Milliseconds{2000}),
            PublishVerdict::ignored);
  EXPECT_TRUE(loop.is_silent(start + Milliseconds{2600}));
}

}  // namespace
}  // namespace wl::opcua
