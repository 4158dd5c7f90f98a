#include "web/http/message.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

Request with(Headers headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

TEST(Target, is_cut_into_a_decoded_path_and_a_raw_query) {
  const auto target = parse_target("/api/dev%69ces?a=1%202");

  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->path, "/api/devices");
  EXPECT_EQ(target->query, "a=1%202");
}

TEST(Target, that_climbs_out_of_the_tree_is_refused_in_every_encoding) {
  EXPECT_FALSE(parse_target("/../etc/passwd"));
  EXPECT_FALSE(parse_target("/assets/../../x"));
  EXPECT_FALSE(parse_target("/%2e%2e/x"));
  EXPECT_FALSE(parse_target("/a/%2E./x"));
  EXPECT_FALSE(parse_target("/a%2f..%2fx"));
  EXPECT_FALSE(parse_target("/a\\..\\x"));
  EXPECT_FALSE(parse_target("/a/."));
}

TEST(Target, that_is_broken_is_refused) {
  EXPECT_FALSE(parse_target(""));
  EXPECT_FALSE(parse_target("http://other/x"));
  EXPECT_FALSE(parse_target("/a%zz"));
  EXPECT_FALSE(parse_target("/a%2"));
  EXPECT_FALSE(parse_target("/a%00b"));
}

TEST(Target, with_a_control_character_or_an_escaped_slash_is_refused) {
  EXPECT_FALSE(parse_target("/a%0d%0aSet-Cookie:x"));
  EXPECT_FALSE(parse_target("/a%1b[2J"));
  EXPECT_FALSE(parse_target("/a%7f"));
  EXPECT_FALSE(parse_target("/api/alarms/1%2facknowledge"));
  EXPECT_FALSE(parse_target("/api/alarms/1%2Facknowledge"));
}

TEST(Target, whose_query_is_broken_is_refused_not_read_as_if_nothing_were_asked) {
  EXPECT_FALSE(parse_target("/a?x=%zz"));
  EXPECT_FALSE(parse_target("/a?x=%ff"));
  EXPECT_FALSE(parse_target("/a?x=%00"));
  EXPECT_FALSE(parse_target("/a?x=1%0a2"));
  EXPECT_TRUE(parse_target("/a?path=%2fx%5c&t=10%2B20+30"));
}

TEST(Query, gives_the_first_value_decoded) {
  EXPECT_EQ(query_parameter("page=2&page=3", "page"), "2");
  EXPECT_EQ(query_parameter("t=2026-01-01+10%3A00", "t"), "2026-01-01 10:00");
  EXPECT_EQ(query_parameter("empty=&x", "empty"), "");
  EXPECT_EQ(query_parameter("x", "y"), std::nullopt);
}

TEST(Cookie, is_found_by_its_whole_name) {
  const Request request = with({{"cookie", "xwattline_session=no; wattline_session=abc; b=c"}});

  EXPECT_EQ(request.cookie("wattline_session"), "abc");
  EXPECT_EQ(request.cookie("session"), std::nullopt);
}

TEST(AcceptLanguage, the_heavier_of_the_two_wins_and_chinese_is_the_default) {
  EXPECT_EQ(with({}).language(), Language::zh_cn);
  EXPECT_EQ(with({{"accept-language", "en-GB,en;q=0.9,zh;q=0.5"}}).language(), Language::en);
  EXPECT_EQ(with({{"accept-language", "zh-CN,zh;q=0.9,en;q=0.8"}}).language(), Language::zh_cn);
  EXPECT_EQ(with({{"accept-language", "de;q=1,en;q=0.2"}}).language(), Language::en);
}

TEST(Origin, of_this_site_is_its_own) {
  const Request request = with({{"host", "localhost:5000"}, {"origin", "http://localhost:5000"}});

  EXPECT_TRUE(has_own_origin(request));
  EXPECT_FALSE(is_cross_origin(request));
}

TEST(Origin, of_another_site_port_or_none_is_foreign) {
  EXPECT_TRUE(is_cross_origin(with({{"host", "a:1"}, {"origin", "http://a:2"}})));
  EXPECT_TRUE(is_cross_origin(with({{"host", "a:1"}, {"origin", "http://a:1.evil"}})));
  EXPECT_TRUE(is_cross_origin(with({{"host", "a:1"}, {"origin", "null"}})));
  EXPECT_TRUE(is_cross_origin(with({{"host", "a:1"}, {"sec-fetch-site", "cross-site"}})));
  EXPECT_TRUE(is_cross_origin(with({{"host", "a:1"}, {"sec-fetch-site", "same-site"}})));
}

TEST(Origin, a_script_without_one_is_no_foreign_page_but_has_none_of_its_own) {
  EXPECT_FALSE(is_cross_origin(with({{"host", "a:1"}})));
  EXPECT_FALSE(has_own_origin(with({{"host", "a:1"}})));
}

}  // namespace
}  // namespace wl::web
