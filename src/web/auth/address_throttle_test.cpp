#include "web/auth/address_throttle.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp start = Timestamp{1'000'000'000s};

TEST(AddressThrottle, lets_an_address_be_wrong_a_few_times_and_then_at_its_pace) {
  AddressThrottle throttle({.burst = 2, .refill = 6s});
  EXPECT_FALSE(throttle.charge("10.0.0.1", start));
  EXPECT_FALSE(throttle.charge("10.0.0.1", start));

  EXPECT_EQ(throttle.charge("10.0.0.1", start), 6001ms);
  EXPECT_FALSE(throttle.charge("10.0.0.2", start));
  EXPECT_FALSE(throttle.charge("10.0.0.1", start + 6s));
}

TEST(AddressThrottle, holds_nothing_against_who_was_right) {
  AddressThrottle throttle({.burst = 1, .refill = 6s});
  throttle.charge("10.0.0.1", start);

  throttle.forgive("10.0.0.1");

  EXPECT_FALSE(throttle.charge("10.0.0.1", start));
}

TEST(AddressThrottle, forgets_the_address_not_heard_of_longest_when_it_is_full) {
  AddressThrottle throttle({.burst = 1, .refill = 1h, .capacity = 2});
  throttle.charge("old", start);
  throttle.charge("new", start + 1s);
  throttle.charge("newest", start + 2s);

  EXPECT_TRUE(throttle.charge("new", start + 3s));
  EXPECT_FALSE(throttle.charge("old", start + 3s));
}

}  // namespace
}  // namespace wl::web
