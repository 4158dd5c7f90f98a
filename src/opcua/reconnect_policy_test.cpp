#include "opcua/reconnect_policy.hpp"

#include <gtest/gtest.h>

namespace wl::opcua {
namespace {

constexpr double middle = 0.5;  // No jitter.

TEST(ReconnectPolicy, the_delay_doubles_up_to_the_cap) {
  ReconnectPolicy policy(Milliseconds{1000}, 0);

  EXPECT_EQ(policy.on_failure(middle), Milliseconds{250});
  EXPECT_EQ(policy.on_failure(middle), Milliseconds{500});
  EXPECT_EQ(policy.on_failure(middle), Milliseconds{1000});
  EXPECT_EQ(policy.on_failure(middle), Milliseconds{1000});
}

TEST(ReconnectPolicy, jitter_is_a_quarter_and_never_exceeds_the_cap) {
  ReconnectPolicy low(Milliseconds{5000}, 0);
  ReconnectPolicy capped(Milliseconds{250}, 0);

  EXPECT_EQ(low.on_failure(0.0), Milliseconds{187});
  EXPECT_EQ(capped.on_failure(0.99), Milliseconds{250});
}

TEST(ReconnectPolicy, success_starts_from_the_beginning) {
  ReconnectPolicy policy(Milliseconds{5000}, 0);
  policy.on_failure(middle);
  policy.on_failure(middle);

  policy.on_success();

  EXPECT_EQ(policy.on_failure(middle), Milliseconds{250});
}

TEST(ReconnectPolicy, it_gives_up_after_the_allowed_attempts) {
  ReconnectPolicy policy(Milliseconds{1000}, 2);

  EXPECT_TRUE(policy.on_failure(middle));
  EXPECT_FALSE(policy.on_failure(middle));
}

}  // namespace
}  // namespace wl::opcua
