#include "base/host_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl {
namespace {

TEST(HostPort, a_name_alone_gets_the_default_port) {
  EXPECT_EQ(*parse_host_port("db1.plant.example", 3306), (HostPort{"db1.plant.example", 3306}));
}

TEST(HostPort, a_port_may_follow_a_name) {
  EXPECT_EQ(*parse_host_port("db1:3307", 3306), (HostPort{"db1", 3307}));
}

TEST(HostPort, an_address_of_ip_version_6_stands_bare_or_in_brackets) {
  EXPECT_EQ(*parse_host_port("::1", 3306), (HostPort{"::1", 3306}));
  EXPECT_EQ(*parse_host_port("[fe80::2]", 3306), (HostPort{"fe80::2", 3306}));
  EXPECT_EQ(*parse_host_port("[::1]:3307", 3306), (HostPort{"::1", 3307}));
  EXPECT_EQ((HostPort{"::1", 3307}).text(), "[::1]:3307");
}

TEST(HostPort, refuses_what_is_no_host_and_shows_it) {
  const auto refused = [](std::string_view text) {
    const auto host = parse_host_port(text, 3306);
    return host ? std::string("taken: ") + host->text() : host.error().what;
  };
  EXPECT_EQ(refused("db1:"), "'' is not a port from 1 to 65535");
  EXPECT_EQ(refused("db1:70000"), "'70000' is not a port from 1 to 65535");
  EXPECT_EQ(refused(""), "'' is not a host or host:port");
  EXPECT_EQ(refused("a b"), "'a b' is not a host or host:port");
  EXPECT_EQ(refused("[::1"), "'[::1' is not a host or host:port");
  EXPECT_EQ(refused("[::1]3307"), "'[::1]3307' is not a host or host:port");
  EXPECT_EQ(refused("user@db1"), "'user@db1' is not a host or host:port");
}

TEST(HostList, keeps_the_order_and_ignores_blanks) {
  const auto hosts = parse_host_list("db1, db2:3307 ,db3", 3306);

  ASSERT_TRUE(hosts) << hosts.error().what;
  EXPECT_THAT(*hosts, testing::ElementsAre(HostPort{"db1", 3306}, HostPort{"db2", 3307},
                                           HostPort{"db3", 3306}));
}

TEST(HostList, refuses_an_empty_entry) {
  EXPECT_FALSE(parse_host_list("db1,,db2", 3306));
  EXPECT_FALSE(parse_host_list("db1,", 3306));
}

}  // namespace
}  // namespace wl
