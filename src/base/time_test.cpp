#include "base/time.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

constexpr std::int64_t noon_ms = 1'795'348'800'000;  // 2026-11-22T12:00:00Z

TEST(Time, is_written_in_utc_with_three_decimals) {
  EXPECT_EQ(to_iso8601(from_unix_ms(noon_ms + 7)), "2026-11-22T12:00:00.007Z");
  EXPECT_EQ(to_iso8601(from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
}

TEST(Time, what_is_written_reads_back) {
  const Timestamp time = from_unix_ms(noon_ms + 123);
  EXPECT_EQ(parse_iso8601(to_iso8601(time)).value(), time);
}

TEST(Time, a_zone_offset_is_taken_off) {
  EXPECT_EQ(to_unix_ms(parse_iso8601("2026-11-22T20:00:00+08:00").value()), noon_ms);
  EXPECT_EQ(to_unix_ms(parse_iso8601("2026-11-22T07:30:00-0430").value()), noon_ms);
}

TEST(Time, date_and_minutes_may_stand_alone) {
  EXPECT_EQ(to_unix_ms(parse_iso8601("2026-11-22 12:00").value()), noon_ms);
  EXPECT_EQ(to_unix_ms(parse_iso8601("2026-11-22").value()), noon_ms - 12 * 3'600'000);
}

TEST(Time, a_fraction_of_any_length_is_cut_to_milliseconds) {
  EXPECT_EQ(to_unix_ms(parse_iso8601("2026-11-22T12:00:00.1239Z").value()), noon_ms + 123);
  EXPECT_EQ(to_unix_ms(parse_iso8601("2026-11-22T12:00:00.5Z").value()), noon_ms + 500);
}

class BadTime : public ::testing::TestWithParam<const char*> {};

TEST_P(BadTime, is_refused_with_the_form_that_is_wanted) {
  const auto parsed = parse_iso8601(GetParam());

  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code, Errc::invalid_argument);
  EXPECT_NE(parsed.error().what.find("2026-01-31T08:00:00Z"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Time, BadTime,
                         ::testing::Values("", "now", "2026-13-01", "2026-02-30",
                                           "2026-11-22T24:00:00Z", "2026-11-22T12:60Z",
                                           "2026-11-22T12:00:00.Z", "2026-11-22T12:00:00Zx",
                                           "1969-12-31", "2026-11-22T12", "2026-11-22T12:00+24:00",
                                           "2026-11-22T12:00+08:60", "1970-01-01T00:00+00:01",
                                           "9999-12-31T23:59-00:01"));

}  // namespace
}  // namespace wl
