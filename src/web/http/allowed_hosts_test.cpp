#include "web/http/allowed_hosts.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

TEST(AllowedHosts, takes_addresses_and_names_that_the_public_internet_cannot_point_here) {
  const AllowedHosts hosts;

  EXPECT_TRUE(hosts.takes("127.0.0.1:5000"));
  EXPECT_TRUE(hosts.takes("192.168.1.20"));
  EXPECT_TRUE(hosts.takes("[::1]:5000"));
  EXPECT_TRUE(hosts.takes("[fe80::1]"));
  EXPECT_TRUE(hosts.takes("localhost:5000"));
  EXPECT_TRUE(hosts.takes("ems"));
  EXPECT_TRUE(hosts.takes("EMS-Server.local:5000"));
  EXPECT_TRUE(hosts.takes("ems.plant.lan."));
}

TEST(AllowedHosts, refuses_public_names_and_what_only_looks_like_an_address) {
  const AllowedHosts hosts;

  EXPECT_FALSE(hosts.takes("evil.example.com:5000"));
  EXPECT_FALSE(hosts.takes("127.0.0.1.evil.com"));
  EXPECT_FALSE(hosts.takes("localhost.evil.com"));
  EXPECT_FALSE(hosts.takes("evil.com@127.0.0.1"));
  EXPECT_FALSE(hosts.takes("127.0.0.1:5000.evil.com"));
  EXPECT_FALSE(hosts.takes("evil.com/.local"));
  EXPECT_FALSE(hosts.takes("[::1].evil.com"));
  EXPECT_FALSE(hosts.takes("[evil.com]"));
  EXPECT_FALSE(hosts.takes(""));
  EXPECT_FALSE(hosts.takes(".local"));
}

TEST(AllowedHosts, takes_the_names_of_the_configuration) {
  const AllowedHosts hosts = AllowedHosts::parse("EMS.example.com, .plant.example").value();

  EXPECT_TRUE(hosts.takes("ems.example.com:8443"));
  EXPECT_TRUE(hosts.takes("a.b.plant.example"));
  EXPECT_FALSE(hosts.takes("plant.example"));
  EXPECT_FALSE(hosts.takes("ems.example.com.evil.net"));
  EXPECT_FALSE(hosts.takes("xems.example.com"));
  EXPECT_TRUE(AllowedHosts::parse("*").value().takes("evil.example.com"));
}

TEST(AllowedHosts, names_the_entry_that_is_no_host) {
  EXPECT_NE(AllowedHosts::parse("a.b, https://ems").error().what.find("'https://ems'"),
            std::string::npos);
  EXPECT_FALSE(AllowedHosts::parse("ems:5000"));
  EXPECT_FALSE(AllowedHosts::parse("a..b"));
  EXPECT_TRUE(AllowedHosts::parse(""));
  EXPECT_TRUE(AllowedHosts::parse(" , "));
}

}  // namespace
}  // namespace wl::web
