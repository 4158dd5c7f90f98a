#include "web/http/json_writer.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <random>

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

TEST(NumberText, decimals_stand_behind_their_zeros_and_sign) {
  EXPECT_EQ(number_text(0.001), "0.001");
  EXPECT_EQ(number_text(-0.05), "-0.05");
  EXPECT_EQ(number_text(-12.3), "-12.3");
  EXPECT_EQ(number_text(100), "100");
  EXPECT_EQ(number_text(0.0005), "0.001");
  EXPECT_EQ(number_text(-0.0005), "-0.001");
}

TEST(NumberText, the_quick_way_writes_what_the_exact_one_does) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> size(-3, 12);
  for (int i = 0; i < 100'000; ++i) {
    const double value = rounded(std::pow(10.0, size(random)) * (i % 2 == 0 ? 1 : -1));
    char exact[64];
    const auto end =
        std::to_chars(exact, exact + sizeof exact, value, std::chars_format::fixed).ptr;
    ASSERT_EQ(number_text(value), std::string(exact, end));
  }
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
