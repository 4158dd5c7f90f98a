#include "base/ip_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl {
namespace {

using ::testing::HasSubstr;

bool holds(std::string_view ranges, std::string_view address) {
  return IpRanges::parse(ranges).value().contains(parse_ip_address(address).value());
}

std::string mistake(std::string_view ranges) {
  const auto parsed = IpRanges::parse(ranges);
  return parsed ? "" : parsed.error().what;
}

TEST(IpAddress, of_version_4_is_the_same_in_its_version_6_form) {
  EXPECT_EQ(parse_ip_address("192.0.2.7"), parse_ip_address("::ffff:192.0.2.7"));
  EXPECT_EQ(to_text(parse_ip_address("::ffff:192.0.2.7").value()), "192.0.2.7");
}

TEST(IpAddress, is_printed_in_the_short_form) {
  EXPECT_EQ(to_text(parse_ip_address("[2001:0db8:0::1%eth0]").value()), "2001:db8::1");
}

TEST(IpAddress, is_no_name_and_no_rest) {
  EXPECT_FALSE(parse_ip_address("localhost"));
  EXPECT_FALSE(parse_ip_address("10.0.0.1 "));
  EXPECT_FALSE(parse_ip_address("10.0.0.256"));
  EXPECT_FALSE(parse_ip_address("010.1"));
  EXPECT_FALSE(parse_ip_address(""));
}

TEST(IpRanges, hold_what_their_prefix_says) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("192.168.4.0/23", "192.168.5.255"));
  EXPECT_FALSE(holds("192.168.4.0/23", "192.168.6.0"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(IpRanges, take_single_addresses_and_lists) {
  EXPECT_TRUE(holds("10.0.0.1, ::1", "::1"));
  EXPECT_TRUE(holds("10.0.0.1, ::1", "::ffff:10.0.0.1"));
  EXPECT_FALSE(holds("10.0.0.1, ::1", "10.0.0.2"));
}

TEST(IpRanges, of_all_version_4_hold_no_version_6) {
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("::/0", "2001:db8::1"));
}

TEST(IpRanges, name_the_entry_that_is_wrong) {
  EXPECT_THAT(mistake("10.0.0.0/8, plant.local"), HasSubstr("'plant.local' is no IP address"));
  EXPECT_THAT(mistake("10.0.0.0/33"), HasSubstr("prefix of 0 to 32"));
  EXPECT_THAT(mistake("10.0.0.0/"), HasSubstr("prefix of 0 to 32"));
  EXPECT_THAT(mistake("10.0.0.1/8"), HasSubstr("has bits behind its prefix"));
  EXPECT_THAT(mistake("2001:db8::/129"), HasSubstr("prefix of 0 to 128"));
}

TEST(IpRanges, of_an_empty_text_are_empty) {
  EXPECT_TRUE(IpRanges::parse(" , ").value().empty());
}

}  // namespace
}  // namespace wl
