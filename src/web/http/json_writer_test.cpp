#include "web/http/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace wl::web {
namespace {

TEST(NumberText, single_precision_noise_of_the_meter_does_not_show) {
  EXPECT_EQ(number_text(double(2.93f)), "2.93");
  EXPECT_EQ(number_text(2.9299999999999997), "2.93");
  EXPECT_EQ(number_text(0.1 + 0.2), "0.3");
}

TEST(NumberText, counts_are_written_as_whole_numbers) {
  EXPECT_EQ(number_text(4294967295.0), "4294967295");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0001), "0");
  EXPECT_EQ(number_text(1e15), "1000000000000000");
}

TEST(NumberText, what_is_no_number_is_null) {
  EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriter, puts_commas_where_they_belong) {
  JsonWriter json;
  json.object().key("a").number(1).key("b").array().integer(1).text("x").null().end();
  json.key("c").object().end().key("d").boolean(true).end();

  EXPECT_EQ(json.take(), R"({"a":1,"b":[1,"x",null],"c":{},"d":true})");
}

TEST(JsonWriter, escapes_what_would_end_the_string) {
  EXPECT_EQ(quoted("a\"b\\c\n"), "\"a\\\"b\\\\c\\u000a\"");
  EXPECT_EQ(quoted("工位"), "\"工位\"");
}

}  // namespace
}  // namespace wl::web
