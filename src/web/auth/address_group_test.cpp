#include "web/auth/address_group.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

TEST(AddressGroup, of_ipv4_is_the_address) {
  EXPECT_EQ(address_group("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_group("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_group(""), "");
}

TEST(AddressGroup, of_ipv6_is_its_network) {
  EXPECT_EQ(address_group("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_group("2001:db8:1:2:ffff::1"), address_group("2001:db8:1:2::7"));
  EXPECT_NE(address_group("2001:db8:1:3::1"), address_group("2001:db8:1:2::1"));
  EXPECT_EQ(address_group("fe80::1%eth0"), "fe80::/64");
}

}  // namespace
}  // namespace wl::web
