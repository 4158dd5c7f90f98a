#include "opcua/server_urls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::opcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ServerUrls, a_list_keeps_its_order_and_drops_its_blanks) {
  const auto urls = parse_server_urls("opc.tcp://a:4840 ,\topc.tcp://b:4841");

  ASSERT_TRUE(urls);
  EXPECT_THAT(*urls, ElementsAre("opc.tcp://a:4840", "opc.tcp://b:4841"));
}

TEST(ServerUrls, what_is_no_endpoint_is_named) {
  const auto urls = parse_server_urls("opc.tcp://a:4840,http://b");

  ASSERT_FALSE(urls);
  EXPECT_THAT(urls.error().what, HasSubstr("'http://b'"));
}

TEST(ServerUrls, an_empty_entry_is_refused) {
  EXPECT_FALSE(parse_server_urls("opc.tcp://a:4840,"));
  EXPECT_FALSE(parse_server_urls(""));
}

TEST(ServerUrls, the_same_server_twice_is_refused) {
  EXPECT_FALSE(parse_server_urls("opc.tcp://a:4840,opc.tcp://a:4840"));
}

}  // namespace
}  // namespace wl::opcua
