#include "web/auth/login_limiter.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using Kind = LoginRefusal::Kind;

constexpr Timestamp start = Timestamp{1'000'000'000s};
constexpr LoginLimits limits{
    .max_attempts = 3, .lockout = 10min, .address_burst = 5, .address_refill = 6s, .capacity = 10};

void fail_three_times(LoginLimiter& limiter, const std::string& account,
                      const std::string& address) {
  limiter.admit(account, address, start);
  limiter.admit(account, address, start);
  limiter.admit(account, address, start);
}

TEST(LoginLimiter, three_failures_lock_the_account_for_that_address) {
  LoginLimiter limiter{limits};
  fail_three_times(limiter, "admin", "10.0.0.1");

  const auto refusal = limiter.admit("admin", "10.0.0.1", start + 1min);

  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->kind, Kind::locked);
  EXPECT_EQ(refusal->retry_after, 9min);
}

TEST(LoginLimiter, the_owner_at_another_address_is_not_locked_out) {
  LoginLimiter limiter{limits};
  fail_three_times(limiter, "admin", "10.0.0.1");

  EXPECT_FALSE(limiter.admit("admin", "10.0.0.2", start).has_value());
}

TEST(LoginLimiter, another_address_of_the_same_ipv6_network_is_no_new_chance) {
  LoginLimiter limiter{limits};
  fail_three_times(limiter, "admin", "2001:db8:1:2::1");

  EXPECT_TRUE(limiter.admit("admin", "2001:db8:1:2:ffff::9", start + 1min));
  EXPECT_FALSE(limiter.admit("admin", "2001:db8:1:3::1", start + 1min));
}

TEST(LoginLimiter, the_lock_ends_after_its_duration) {
  LoginLimiter limiter{limits};
  fail_three_times(limiter, "admin", "10.0.0.1");

  EXPECT_FALSE(limiter.admit("admin", "10.0.0.1", start + 10min).has_value());
  EXPECT_EQ(limiter.failures("admin", "10.0.0.1"), 1);
}

TEST(LoginLimiter, another_spelling_of_the_name_is_no_new_chance) {
  LoginLimiter limiter{limits};
  fail_three_times(limiter, "admin", "10.0.0.1");

  EXPECT_TRUE(limiter.admit("ADMIN", "10.0.0.1", start).has_value());
}

TEST(LoginLimiter, a_right_password_forgets_the_failures) {
  LoginLimiter limiter{limits};
  limiter.admit("admin", "10.0.0.1", start);
  limiter.admit("admin", "10.0.0.1", start);

  limiter.succeeded("admin", "10.0.0.1");

  EXPECT_EQ(limiter.failures("admin", "10.0.0.1"), 0);
}

TEST(LoginLimiter, an_attempt_without_a_database_is_not_held_against_anybody) {
  LoginLimiter limiter{limits};
  limiter.admit("admin", "10.0.0.1", start);

  limiter.undecided("admin", "10.0.0.1");

  EXPECT_EQ(limiter.failures("admin", "10.0.0.1"), 0);
}

TEST(LoginLimiter, guessing_many_names_throttles_the_address_until_time_forgives) {
  LoginLimiter limiter{limits};
  fail_three_times(limiter, "a", "10.0.0.1");
  limiter.admit("b", "10.0.0.1", start);
  limiter.admit("c", "10.0.0.1", start);

  const auto refusal = limiter.admit("d", "10.0.0.1", start);

  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->kind, Kind::throttled);
  EXPECT_LE(refusal->retry_after, 6001ms);
  EXPECT_FALSE(limiter.admit("d", "10.0.0.1", start + 7s).has_value());
  EXPECT_FALSE(limiter.admit("d", "10.0.0.2", start).has_value());
}

}  // namespace
}  // namespace wl::web
