#include "storage/rollup/shift_times.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::storage {
namespace {

using std::chrono::sys_days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr std::array<bool, 7> every_day{true, true, true, true, true, true, true};

Timestamp utc(const char* text) {
  return parse_iso8601(text).value();
}

Shift shift(int from_hour, int to_hour, std::vector<DayMinutes> breaks = {}) {
  return {{"班", "Shift"}, {from_hour * 60, to_hour * 60}, std::move(breaks)};
}

ShiftTimes in_zone(const std::string& zone, ShiftCalendar calendar) {
  return {std::move(calendar), Calendar::of(zone).value()};
}

ShiftTimes berlin(Shift one) {
  ShiftCalendar calendar;
  calendar.weekly.push_back({std::move(one), every_day});
  return in_zone("Europe/Berlin", calendar);
}

std::chrono::minutes busy(const ShiftTime& time) {
  Milliseconds sum{0};
  for (const auto& [from, to] : time.busy) sum += to - from;
  return std::chrono::floor<std::chrono::minutes>(sum);
}

TEST(ShiftTimes, shifts_are_those_of_the_clocks_of_the_plant) {
  const auto shifts = berlin(shift(6, 14, {{9 * 60, 9 * 60 + 20}}))
                          .between(utc("2026-07-01T00:00:00Z"), utc("2026-07-02T00:00:00Z"));

  ASSERT_THAT(shifts, SizeIs(1));
  EXPECT_EQ(shifts[0].from, utc("2026-07-01T04:00:00Z"));
  EXPECT_EQ(shifts[0].to, utc("2026-07-01T12:00:00Z"));
  EXPECT_THAT(shifts[0].busy,
              ElementsAre(Pair(utc("2026-07-01T04:00:00Z"), utc("2026-07-01T07:00:00Z")),
                          Pair(utc("2026-07-01T07:20:00Z"), utc("2026-07-01T12:00:00Z"))));
}

TEST(ShiftTimes, a_night_shift_is_an_hour_shorter_where_clocks_are_put_forward) {
  const auto shifts =
      berlin(shift(22, 30)).between(utc("2026-03-29T00:00:00Z"), utc("2026-03-29T01:00:00Z"));

  ASSERT_THAT(shifts, SizeIs(1));
  EXPECT_EQ(shifts[0].from, utc("2026-03-28T21:00:00Z"));
  EXPECT_EQ(shifts[0].to, utc("2026-03-29T04:00:00Z"));
}

TEST(ShiftTimes, a_night_shift_is_an_hour_longer_where_clocks_are_put_back) {
  const auto shifts =
      berlin(shift(22, 30)).between(utc("2026-10-25T00:00:00Z"), utc("2026-10-25T01:00:00Z"));

  ASSERT_THAT(shifts, SizeIs(1));
  EXPECT_EQ(busy(shifts[0]), std::chrono::hours{9});
}

TEST(ShiftTimes, a_break_in_the_hour_that_is_skipped_takes_no_time) {
  const auto shifts = berlin(shift(22, 30, {{26 * 60 + 10, 26 * 60 + 40}}))
                          .between(utc("2026-03-29T00:00:00Z"), utc("2026-03-29T01:00:00Z"));

  EXPECT_EQ(busy(shifts.at(0)), std::chrono::hours{7});
}

TEST(ShiftTimes, shifts_that_follow_each_other_do_so_in_the_night_when_clocks_change) {
  ShiftCalendar calendar;
  calendar.weekly = {
      {shift(18, 26), every_day}, {shift(2, 10), every_day}, {shift(10, 18), every_day}};
  const auto shifts = in_zone("Europe/Berlin", calendar)
                          .between(utc("2026-10-24T16:00:00Z"), utc("2026-10-25T17:00:00Z"));

  ASSERT_THAT(shifts, SizeIs(3));
  EXPECT_EQ(shifts[0].to, shifts[1].from);
  EXPECT_EQ(shifts[1].to, shifts[2].from);
  EXPECT_EQ(shifts[2].to - shifts[0].from, std::chrono::hours{25});
}

TEST(ShiftTimes, without_shifts_every_local_day_is_planned) {
  const auto days = in_zone("Europe/Berlin", {})
                        .between(utc("2026-10-24T22:00:00Z"), utc("2026-10-26T00:00:00Z"));

  ASSERT_THAT(days, SizeIs(2));
  EXPECT_EQ(busy(days[0]), std::chrono::hours{25});
  EXPECT_EQ(busy(days[1]), std::chrono::hours{24});
  EXPECT_EQ(days[0].name.en, "Day");
}

TEST(ShiftTimes, a_holiday_has_no_shift_but_the_extra_one) {
  ShiftCalendar calendar;
  calendar.weekly.push_back({shift(6, 14), every_day});
  calendar.holidays = {sys_days{std::chrono::year{2026} / 10 / 1}};
  calendar.extra.push_back({sys_days{std::chrono::year{2026} / 10 / 1}, shift(8, 12)});
  const auto shifts = in_zone("Asia/Shanghai", calendar)
                          .between(utc("2026-09-30T16:00:00Z"), utc("2026-10-01T16:00:00Z"));

  ASSERT_THAT(shifts, SizeIs(1));
  EXPECT_EQ(shifts[0].from, utc("2026-10-01T00:00:00Z"));
  EXPECT_EQ(shifts[0].to, utc("2026-10-01T04:00:00Z"));
}

TEST(ShiftTimes, a_shift_of_the_evening_before_is_found_in_the_morning) {
  const auto shifts =
      berlin(shift(22, 30)).between(utc("2026-07-02T03:59:59.999Z"), utc("2026-07-02T04:00:00Z"));

  ASSERT_THAT(shifts, SizeIs(1));
  EXPECT_EQ(shifts[0].from, utc("2026-07-01T20:00:00Z"));
}

TEST(ShiftTimes, an_empty_range_has_none) {
  const Timestamp at = utc("2026-07-02T03:00:00Z");

  EXPECT_THAT(berlin(shift(0, 24)).between(at, at), IsEmpty());
}

}  // namespace
}  // namespace wl::storage
