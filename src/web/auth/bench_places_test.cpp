#include "web/auth/bench_places.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

TEST(BenchPlaces, of_one_address_are_few) {
  BenchPlaces places(2);
  EXPECT_TRUE(places.take("192.0.2.7"));
  EXPECT_TRUE(places.take("192.0.2.7"));

  EXPECT_FALSE(places.take("192.0.2.7"));
  EXPECT_TRUE(places.take("192.0.2.8"));
}

TEST(BenchPlaces, are_free_again_when_a_password_was_looked_at) {
  BenchPlaces places(1);
  EXPECT_TRUE(places.take("192.0.2.7"));

  places.leave("192.0.2.7");

  EXPECT_TRUE(places.take("192.0.2.7"));
}

}  // namespace
}  // namespace wl::web
