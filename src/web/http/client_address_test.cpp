#include "web/http/client_address.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

AddressRules behind_proxy() {
  return {IpRanges::parse("192.0.2.0/24, 2001:db8::/32").value(),
          IpRanges::parse("127.0.0.1, 10.0.0.0/8").value()};
}

/// A request of `peer` with these X-Forwarded-For headers, as the rules see it.
Request seen(std::string peer, std::vector<std::string> forwarded_for,
             const AddressRules& rules = behind_proxy()) {
  Request request;
  request.remote_address = std::move(peer);
  for (auto& value : forwarded_for) request.headers.emplace_back("x-forwarded-for", value);
  see_through_proxies(request, rules);
  return request;
}

TEST(ClientAddress, is_what_a_trusted_proxy_says) {
  EXPECT_EQ(seen("127.0.0.1", {"192.0.2.7"}).remote_address, "192.0.2.7");
  EXPECT_EQ(seen("127.0.0.1", {"2001:db8::7"}).remote_address, "2001:db8::7");
}

TEST(ClientAddress, is_the_peers_own_without_a_trusted_proxy) {
  EXPECT_EQ(seen("198.51.100.4", {"192.0.2.7"}).remote_address, "198.51.100.4");
  EXPECT_EQ(seen("127.0.0.1", {"192.0.2.7"}, {}).remote_address, "127.0.0.1");
}

TEST(ClientAddress, is_not_what_the_client_wrote_before_the_proxy) {
  EXPECT_EQ(seen("127.0.0.1", {"192.0.2.7, 198.51.100.4"}).remote_address, "198.51.100.4");
  EXPECT_EQ(seen("127.0.0.1", {"192.0.2.7", "198.51.100.4"}).remote_address, "198.51.100.4");
}

TEST(ClientAddress, is_found_behind_several_proxies) {
  EXPECT_EQ(seen("127.0.0.1", {"192.0.2.7, 10.1.2.3"}).remote_address, "192.0.2.7");
}

TEST(ClientAddress, is_the_last_readable_one) {
  EXPECT_EQ(seen("127.0.0.1", {"192.0.2.7, unknown"}).remote_address, "127.0.0.1");
  EXPECT_EQ(seen("127.0.0.1", {"unknown, 10.1.2.3"}).remote_address, "10.1.2.3");
  EXPECT_EQ(seen("127.0.0.1", {}).remote_address, "127.0.0.1");
}

TEST(ClientAddress, of_https_is_believed_of_a_trusted_proxy_only) {
  for (const auto& [peer, secure] : {std::pair("127.0.0.1", true), {"192.0.2.7", false}}) {
    Request request;
    request.remote_address = peer;
    request.headers.emplace_back("x-forwarded-proto", "https");
    see_through_proxies(request, behind_proxy());
    EXPECT_EQ(request.secure, secure) << peer;
  }
}

TEST(ClientAddress, must_stand_in_the_list) {
  EXPECT_TRUE(may_come(seen("192.0.2.9", {}), behind_proxy()));
  EXPECT_TRUE(may_come(seen("::ffff:192.0.2.9", {}), behind_proxy()));
  EXPECT_FALSE(may_come(seen("198.51.100.4", {}), behind_proxy()));
  EXPECT_FALSE(may_come(seen("", {}), behind_proxy()));
}

TEST(ClientAddress, may_be_any_without_a_list) {
  EXPECT_TRUE(may_come(seen("198.51.100.4", {}, {}), {}));
}

}  // namespace
}  // namespace wl::web
