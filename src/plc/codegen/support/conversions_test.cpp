#include "plc/codegen/support/conversions.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

namespace wl::plc::support {
namespace {

std::string real_text(float value) {
  std::array<char, 81> out{};
  real_to_string(out.data(), 80, value);
  return out.data();
}

std::string time_text(std::uint64_t milliseconds) {
  std::array<char, 81> out{};
  time_to_string(out.data(), 80, milliseconds);
  return out.data();
}

std::string ltime_text(std::int64_t nanoseconds) {
  std::array<char, 81> out{};
  ltime_to_string(out.data(), 80, nanoseconds);
  return out.data();
}

TEST(Conversions, a_real_prints_the_shortest_text_that_reads_back) {
  EXPECT_EQ(real_text(0.1F), "0.1");
  EXPECT_EQ(real_text(3.0F), "3.0");
  EXPECT_EQ(real_text(1e20F), "1e+20");
  EXPECT_EQ(real_text(-std::numeric_limits<float>::infinity()), "-inf");
}

TEST(Conversions, a_time_prints_its_parts_without_zeros) {
  EXPECT_EQ(time_text(3'723'004), "T#1h2m3s4ms");
  EXPECT_EQ(time_text(0), "T#0ms");
  EXPECT_EQ(ltime_text(1'000'002'003), "LTIME#1s2us3ns");
  EXPECT_EQ(ltime_text(-1'500'000'000), "LTIME#-1s500ms");
  EXPECT_EQ(ltime_text(std::numeric_limits<std::int64_t>::min()),
            "LTIME#-106751d23h47m16s854ms775us808ns");
}

TEST(Conversions, integers_read_a_prefix_and_saturate_at_their_width) {
  EXPECT_EQ(string_to_signed("  -42abc", 16), -42);
  EXPECT_EQ(string_to_signed("+7", 16), 7);
  EXPECT_EQ(string_to_signed("none", 16), 0);
  EXPECT_EQ(string_to_signed("-40000", 16), -32768);
  EXPECT_EQ(string_to_signed("-99999999999999999999", 64),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(string_to_unsigned("300", 8), 255U);
  EXPECT_EQ(string_to_unsigned("-1", 32), 0U);
  EXPECT_EQ(string_to_unsigned("99999999999999999999", 64),
            std::numeric_limits<std::uint64_t>::max());
}

TEST(Conversions, true_and_one_read_as_true) {
  EXPECT_TRUE(string_to_bool("True"));
  EXPECT_TRUE(string_to_bool("1"));
  EXPECT_FALSE(string_to_bool("yes"));
}

TEST(Conversions, a_duration_reads_every_unit) {
  EXPECT_EQ(string_to_duration("T#1h2m3s4ms"), 3'723'004'000'000);
  EXPECT_EQ(string_to_duration("1.5s"), 1'500'000'000);
  EXPECT_EQ(string_to_duration("LTIME#1d_5us"), 86'400'000'005'000);
  EXPECT_EQ(string_to_duration("LTIME#-2s"), -2'000'000'000);
  EXPECT_EQ(string_to_duration("soon"), 0);
}

}  // namespace
}  // namespace wl::plc::support
