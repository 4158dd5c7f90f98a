#include "opcua/fill_plan.hpp"

#include <gtest/gtest.h>

namespace wl::opcua {
namespace {

using How = FillOrder::How;

Timestamp at(std::int64_t seconds) {
  return from_unix_ms(1'763'820'000'000 + seconds * 1'000);
}

/// Proven alive until second 10, then down and up again.
FillPlan interrupted(bool is_resumed) {
  FillPlan plan(1, std::nullopt);
  plan.on_up(false);
  plan.on_proof(at(10));
  plan.on_down();
  plan.on_up(is_resumed);
  return plan;
}

TEST(FillPlan, before_the_first_proof_there_is_nothing_to_fill) {
  FillPlan plan(1, std::nullopt);
  plan.on_up(false);
  plan.on_proof(at(10));

  EXPECT_FALSE(plan.next(true, at(10)));
}

TEST(FillPlan, what_the_consumer_has_from_before_its_start_is_where_the_first_reading_begins) {
  FillPlan plan(1, at(5));
  plan.on_up(false);
  plan.on_proof(at(10));

  const auto order = plan.next(true, at(11));

  ASSERT_TRUE(order);
  EXPECT_EQ(order->how, How::read);
  EXPECT_EQ(order->range.from, at(5));
  EXPECT_EQ(order->range.to, at(11));
}

TEST(FillPlan, a_new_subscription_has_its_gap_read) {
  FillPlan plan = interrupted(false);
  EXPECT_FALSE(plan.next(true, at(20)));  // Not proven yet.
  plan.on_proof(at(20));

  const auto order = plan.next(true, at(20));

  ASSERT_TRUE(order);
  EXPECT_EQ(order->how, How::read);
  EXPECT_EQ(order->range.from, at(10));
  EXPECT_FALSE(plan.next(true, at(21)));
}

TEST(FillPlan, a_resumed_subscription_is_told_whole_when_it_has_caught_up) {
  FillPlan plan = interrupted(true);
  plan.on_proof(at(20));
  EXPECT_FALSE(plan.next(false, at(20)));

  const auto order = plan.next(true, at(21));

  ASSERT_TRUE(order);
  EXPECT_EQ(order->how, How::told_whole);
  EXPECT_EQ(order->range.from, at(10));
  EXPECT_EQ(order->range.to, at(21));
  EXPECT_FALSE(plan.next(true, at(22)));
}

TEST(FillPlan, a_resumed_subscription_that_lost_something_is_read) {
  FillPlan plan = interrupted(true);
  plan.on_loss();
  plan.on_proof(at(20));

  ASSERT_EQ(plan.next(true, at(20))->how, How::read);
}

TEST(FillPlan, a_loss_while_the_link_is_up_is_read_from_the_last_proof) {
  FillPlan plan(1, std::nullopt);
  plan.on_up(false);
  plan.on_proof(at(10));
  plan.on_loss();
  plan.on_proof(at(11));

  const auto order = plan.next(true, at(11));

  ASSERT_TRUE(order);
  EXPECT_EQ(order->range.from, at(10));
}

TEST(FillPlan, a_reading_that_ended_with_its_link_is_begun_again_from_where_it_began) {
  FillPlan plan = interrupted(false);
  plan.on_proof(at(20));
  ASSERT_TRUE(plan.next(true, at(20)));
  plan.on_down();
  plan.on_up(true);
  plan.on_proof(at(30));

  const auto order = plan.next(true, at(30));

  ASSERT_TRUE(order);
  EXPECT_EQ(order->how, How::read);
  EXPECT_EQ(order->range.from, at(10));
  EXPECT_EQ(order->range.to, at(30));
}

TEST(FillPlan, readings_have_a_pause_between_them) {
  FillPlan plan = interrupted(false);
  plan.on_proof(at(20));
  ASSERT_TRUE(plan.next(true, at(20)));
  plan.on_told(at(21));
  plan.on_loss();

  EXPECT_FALSE(plan.next(true, at(22)));
  EXPECT_TRUE(plan.next(true, at(26)));
}

TEST(FillPlan, a_later_cut_without_loss_is_not_read) {
  FillPlan plan = interrupted(false);
  plan.on_proof(at(20));
  plan.next(true, at(20));
  plan.on_told(at(21));
  plan.on_down();
  plan.on_up(true);
  plan.on_proof(at(40));

  ASSERT_EQ(plan.next(true, at(40))->how, How::told_whole);
}

TEST(FillPlan, the_lag_is_that_of_the_slowest_source) {
  FillPlan plan(2, std::nullopt);
  plan.on_up(false);
  plan.on_value(0, at(-9'000), at(0));  // The first value may be old.
  plan.on_value(0, at(0), at(1));
  plan.on_value(1, at(0), at(0));
  plan.on_value(1, at(0), at(60));
  plan.on_value(1, at(70), at(100));

  EXPECT_EQ(plan.lag(), std::chrono::seconds{30});
}

TEST(FillPlan, a_source_of_long_ago_does_not_make_the_lag_endless) {
  FillPlan plan(1, std::nullopt);
  plan.on_up(false);
  plan.on_value(0, at(-90'000), at(0));
  plan.on_value(0, at(-90'000), at(0));

  EXPECT_EQ(plan.lag(), std::chrono::minutes{10});
}

}  // namespace
}  // namespace wl::opcua
