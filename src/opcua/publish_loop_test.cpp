#include "opcua/publish_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::opcua {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

constexpr std::uint32_t id = 7;
const SteadyTime start{std::chrono::seconds{1000}};

PublishLoop begun(std::size_t outstanding = 2) {
  PublishLoop loop(outstanding);
  loop.begin(id, Milliseconds{2500}, start);
  return loop;
}

PublishResponse data(std::uint32_t sequence) {
  return {0, id, sequence, true};
}

PublishResponse keep_alive(std::uint32_t next) {
  return {0, id, next, false};
}

PublishResponse refusal(std::uint32_t status) {
  return {status, 0, 0, false};
}

TEST(PublishLoop, it_keeps_the_wanted_number_of_requests_at_the_server) {
  auto loop = begun(2);

  EXPECT_TRUE(loop.next_request());
  EXPECT_TRUE(loop.next_request());
  EXPECT_FALSE(loop.next_request());

  loop.on_response(data(1), start);
  EXPECT_TRUE(loop.next_request());
}

TEST(PublishLoop, only_released_notifications_are_acknowledged_and_only_once) {
  auto loop = begun();
  loop.on_response(data(1), start);
  loop.on_response(data(2), start);

  loop.release(loop.token(2));

  EXPECT_THAT(loop.next_request(), Optional(ElementsAre(2u)));
  EXPECT_THAT(loop.next_request(), Optional(IsEmpty()));
}

TEST(PublishLoop, a_token_of_an_older_subscription_is_void) {
  auto loop = begun();
  const auto old = loop.token(1);
  loop.begin(id + 1, Milliseconds{2500}, start);

  loop.release(old);

  EXPECT_THAT(loop.next_request(), Optional(IsEmpty()));
}

TEST(PublishLoop, data_in_sequence_is_data) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(data(1), start), PublishVerdict::data);
  EXPECT_EQ(loop.on_response(data(2), start), PublishVerdict::data);
}

TEST(PublishLoop, a_missing_number_is_a_gap_and_the_next_one_is_data_again) {
  auto loop = begun();
  loop.on_response(data(1), start);

  EXPECT_EQ(loop.on_response(data(3), start), PublishVerdict::gap);
  EXPECT_EQ(loop.on_response(data(4), start), PublishVerdict::data);
}

TEST(PublishLoop, the_number_after_the_largest_is_1) {
  auto loop = begun();
  loop.on_response(data(0xFFFFFFFF), start);

  EXPECT_EQ(loop.on_response(data(1), start), PublishVerdict::data);
}

TEST(PublishLoop, a_keep_alive_uses_no_number) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(keep_alive(1), start), PublishVerdict::keep_alive);
  EXPECT_EQ(loop.on_response(data(1), start), PublishVerdict::data);
}

TEST(PublishLoop, a_keep_alive_that_skips_a_number_reveals_a_lost_notification) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(keep_alive(2), start), PublishVerdict::broken);
}

TEST(PublishLoop, silence_begins_after_the_last_response) {
  auto loop = begun();
  loop.on_response(keep_alive(1), start + Milliseconds{1000});

  EXPECT_FALSE(loop.is_silent(start + Milliseconds{3500}));
  EXPECT_TRUE(loop.is_silent(start + Milliseconds{3501}));
}

TEST(PublishLoop, too_many_requests_lowers_their_number_by_one) {
  auto loop = begun(2);
  loop.next_request();
  loop.next_request();

  EXPECT_EQ(loop.on_response(refusal(0x80780000), start), PublishVerdict::ignored);
  EXPECT_FALSE(loop.next_request());
}

TEST(PublishLoop, a_lost_subscription_or_session_is_broken) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response(refusal(0x80790000), start), PublishVerdict::broken);
  EXPECT_EQ(loop.on_response(refusal(0x80260000), start), PublishVerdict::broken);
}

TEST(PublishLoop, a_response_of_another_subscription_is_no_proof_of_life) {
  auto loop = begun();

  EXPECT_EQ(loop.on_response({0, id + 1, 1, true}, start + Milliseconds{2000}),
            PublishVerdict::ignored);
  EXPECT_TRUE(loop.is_silent(start + Milliseconds{2600}));
}

}  // namespace
}  // namespace wl::opcua
