#include "base/quantity.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds second{1000};

TEST(Duration, a_suffix_names_the_unit) {
  EXPECT_EQ(parse_duration("500ms", second).value(), milliseconds{500});
  EXPECT_EQ(parse_duration("1.5 s", second).value(), milliseconds{1500});
  EXPECT_EQ(parse_duration("5min", second).value(), std::chrono::minutes{5});
  EXPECT_EQ(parse_duration("2H", second).value(), std::chrono::hours{2});
  EXPECT_EQ(parse_duration("7d", second).value(), std::chrono::hours{168});
}

TEST(Duration, a_bare_number_counts_in_the_unit_of_the_caller) {
  EXPECT_EQ(parse_duration("3", second).value(), milliseconds{3000});
  EXPECT_EQ(parse_duration("3", std::chrono::minutes{1}).value(), std::chrono::minutes{3});
}

TEST(Duration, nonsense_is_refused_with_the_known_units) {
  EXPECT_FALSE(parse_duration("", second).has_value());
  EXPECT_FALSE(parse_duration("-1", second).has_value());
  EXPECT_FALSE(parse_duration("nan", second).has_value());
  EXPECT_FALSE(parse_duration("1e300", second).has_value());
  EXPECT_EQ(parse_duration("3 fortnights", second).error().what,
            "'3 fortnights' is not a number with a unit (ms, s, min, h or d)");
}

TEST(Bytes, decimal_and_binary_units_differ) {
  EXPECT_EQ(parse_bytes("64MB", 1).value(), 64'000'000u);
  EXPECT_EQ(parse_bytes("64 MiB", 1).value(), 67'108'864u);
  EXPECT_EQ(parse_bytes("10", 1'000'000).value(), 10'000'000u);
  EXPECT_FALSE(parse_bytes("10 parsecs", 1).has_value());
}

TEST(Bool, words_of_both_kinds_in_any_case) {
  EXPECT_TRUE(parse_bool("True").value());
  EXPECT_TRUE(parse_bool("ON").value());
  EXPECT_FALSE(parse_bool("no").value());
  EXPECT_FALSE(parse_bool("0").value());
  EXPECT_FALSE(parse_bool("maybe").has_value());
}

TEST(Integer, must_be_whole_and_inside_its_range) {
  EXPECT_EQ(parse_integer("-5", -10, 10).value(), -5);
  EXPECT_EQ(parse_integer("11", -10, 10).error().what, "11 is outside -10 to 10");
  EXPECT_FALSE(parse_integer("1.5", 0, 10).has_value());
  EXPECT_FALSE(parse_integer("7 ", 0, 10).has_value());
  EXPECT_FALSE(parse_integer("99999999999999999999", 0, 10).has_value());
}

}  // namespace
}  // namespace wl
