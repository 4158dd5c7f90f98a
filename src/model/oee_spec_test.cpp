#include "model/oee_spec.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "model/plant.hpp"

namespace wl {
namespace {

using std::chrono::sys_days;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A line with what OEE needs; `oee` stands on line 8.
std::string plant_with(const std::string& oee) {
  return fmt::format(
      R"({{"name": {{"zh-CN": "产线", "en": "Line"}}, "time_zone": "Asia/Shanghai", "devices": [
{{"id": "total", "name": {{"zh-CN": "总", "en": "Total"}}, "type": "line", "points": [
{{"name": "state", "tag": "S", "kind": "state", "words": ["standby", "running", "fault"]}},
{{"name": "count", "tag": "C", "kind": "counter"}},
{{"name": "reject", "tag": "R", "kind": "counter"}},
{{"name": "type", "tag": "T", "kind": "measurement"}}
]}}], "oee":
{}}})",
      oee);
}

std::string oee_with(const std::string& more) {
  return plant_with(R"({"device": "total", "state_point": "state", "count_point": "count",
"reject_point": "reject")" +
                    more + "}");
}

OeeSpec spec_of(const std::string& more) {
  return parse_plant(oee_with(more), "plant.json").value().oee.value();
}

std::string mistake(const std::string& text) {
  return parse_plant(text, "plant.json").error().what;
}

std::string shift(const std::string& name, const std::string& days, const std::string& times) {
  return fmt::format(R"({{"name": {{"zh-CN": "班", "en": "{}"}}, "days": [{}], {}}})", name, days,
                     times);
}

std::string shifts(const std::string& list) {
  return ",\n\"shifts\": [" + list + "]";
}

TEST(OeeSpec, a_plant_without_it_has_none) {
  EXPECT_FALSE(parse_plant(R"({"name": {"zh-CN": "a", "en": "a"}, "time_zone": "UTC",
                               "devices": []})",
                           "plant.json")
                   ->oee);
}

TEST(OeeSpec, four_points_are_enough) {
  const OeeSpec spec = spec_of("");

  EXPECT_EQ(spec.state, PointId{0});
  EXPECT_EQ(spec.count, PointId{1});
  EXPECT_EQ(spec.reject, PointId{2});
  EXPECT_FALSE(spec.ideal_rate_per_hour || spec.product);
  EXPECT_EQ(spec.minor_stop, std::chrono::minutes{5});
  EXPECT_THAT(spec.states,
              ElementsAre(OeeElement::idle, OeeElement::running, OeeElement::breakdown));
  EXPECT_TRUE(spec.calendar.weekly.empty());
}

TEST(OeeSpec, states_products_and_limits_can_be_stated) {
  const OeeSpec spec = spec_of(R"(, "states": {"standby": "setup"}, "minor_stop_s": 120,
    "startup_s": 600, "free_break_min": 40, "ideal_rate_per_hour": 120, "count_modulus": 65536,
    "product_point": "type", "products": [{"name": "small", "value": 1, "ideal_cycle_s": 20}])");

  EXPECT_EQ(spec.states[0], OeeElement::setup);
  EXPECT_EQ(spec.minor_stop, std::chrono::minutes{2});
  EXPECT_EQ(spec.startup, std::chrono::minutes{10});
  EXPECT_EQ(spec.free_break, std::chrono::minutes{40});
  EXPECT_EQ(spec.ideal_rate_per_hour, 120);
  EXPECT_EQ(spec.count_modulus, 65536);
  EXPECT_EQ(spec.product, PointId{3});
  EXPECT_EQ(spec.products.at(0).ideal_cycle_s, 20);
}

TEST(OeeSpec, what_is_not_there_is_named_with_its_line) {
  const std::string text = mistake(plant_with(
      R"({"device": "line", "state_point": "total.none", "count_point": "total.state",
"reject_point": "total.reject", "states": {"broken": "breakdown"}, "minor_stop": 3})"));

  EXPECT_THAT(text, HasSubstr("plant.json:8: /oee/device: there is no device 'line'"));
  EXPECT_THAT(text, HasSubstr("/oee/state_point: there is no point 'total.none'"));
  EXPECT_THAT(text, HasSubstr("/oee/count_point: the point 'total.state' is no counter"));
  EXPECT_THAT(text, HasSubstr("/oee/minor_stop: unknown key; did you mean 'minor_stop_s'?"));
}

TEST(OeeSpec, states_must_be_words_of_the_point) {
  const std::string text =
      mistake(oee_with(R"(, "states": {"broken": "breakdown", "running": "rest"})"));

  EXPECT_THAT(text, HasSubstr("/oee/states/broken: the state point has no word 'broken'"));
  EXPECT_THAT(text, HasSubstr("'rest' is not production, breakdown, setup or idle"));
  EXPECT_THAT(text, HasSubstr("no state is production: map one in 'states'"));
}

TEST(OeeSpec, products_need_a_point_that_selects_them) {
  EXPECT_THAT(mistake(oee_with(R"(, "product_point": "type")")), HasSubstr("need each other"));
}

TEST(ShiftCalendar, a_shift_over_midnight_ends_on_the_next_day) {
  const OeeSpec spec = spec_of(shifts(
      shift("Night", R"("mon", "sun")",
            R"("from": "22:00", "to": "06:00", "breaks": [{"from": "01:00", "to": "01:20"}])")));
  const WeeklyShift& night = spec.calendar.weekly.at(0);

  EXPECT_EQ(night.shift.time, (DayMinutes{22 * 60, 30 * 60}));
  EXPECT_THAT(night.shift.breaks, ElementsAre(DayMinutes{25 * 60, 25 * 60 + 20}));
  EXPECT_TRUE(night.days[0] && night.days[6]);
  EXPECT_FALSE(night.days[1]);
}

TEST(ShiftCalendar, holidays_and_extra_shifts_are_dates) {
  const OeeSpec spec =
      spec_of(shifts(shift("Early", R"("mon")", R"("from": "06:00", "to": "14:00")")) +
              R"(, "calendar": {"holidays": ["2026-10-05", "2026-10-01"],
    "extra": [{"date": "2026-10-05", "name": {"zh-CN": "加班", "en": "Extra"}, "from": "08:00",
               "to": "12:00"}]})");

  EXPECT_TRUE(spec.calendar.is_holiday(sys_days{std::chrono::year{2026} / 10 / 1}));
  EXPECT_FALSE(spec.calendar.is_holiday(sys_days{std::chrono::year{2026} / 10 / 2}));
  EXPECT_EQ(spec.calendar.extra.at(0).date, sys_days{std::chrono::year{2026} / 10 / 5});
}

TEST(ShiftCalendar, shifts_that_overlap_are_named) {
  const std::string early = shift("Early", R"("mon", "tue")", R"("from": "06:00", "to": "14:00")");
  const std::string late = shift("Late", R"("mon")", R"("from": "13:45", "to": "22:00")");
  const std::string night = shift("Night", R"("sun")", R"("from": "22:00", "to": "06:15")");

  EXPECT_THAT(mistake(oee_with(shifts(early + ",\n" + late))),
              HasSubstr("plant.json:11: /oee/shifts/1: overlaps the shift 'Early'"));
  EXPECT_THAT(mistake(oee_with(shifts(early + ",\n" + night))),
              HasSubstr("/oee/shifts/1: overlaps the shift 'Early'"));
}

TEST(ShiftCalendar, an_extra_shift_may_not_overlap_either) {
  const std::string weekly = shift("Early", R"("mon")", R"("from": "06:00", "to": "14:00")");

  EXPECT_THAT(mistake(oee_with(shifts(weekly) + R"(, "calendar": {"extra": [
    {"date": "2026-10-05", "name": {"zh-CN": "加班", "en": "Extra"}, "from": "12:00", "to": "15:00"}
    ]})")),
              HasSubstr("/oee/calendar/extra/0: overlaps the shift 'Early'"));
}

TEST(ShiftCalendar, times_days_and_dates_that_are_none_are_named) {
  const std::string text =
      mistake(oee_with(shifts(shift("A", R"("mon", "monday")", R"("from": "6:00", "to": "14:00")") +
                              "," + shift("B", R"("tue")", R"("from": "06:10", "to": "24:01")")) +
                       R"(, "calendar": {"holidays": ["2026-02-30", "1.5.2026"]})"));

  EXPECT_THAT(text, HasSubstr("/oee/shifts/0/from: '6:00' is not a time of day"));
  EXPECT_THAT(text, HasSubstr("'monday' is no day"));
  EXPECT_THAT(text, HasSubstr("'24:01' is not a time of day"));
  EXPECT_THAT(text, HasSubstr("/oee/shifts/1: a shift begins and ends on a quarter hour"));
  EXPECT_THAT(text, HasSubstr("'2026-02-30' is not a date"));
  EXPECT_THAT(text, HasSubstr("'1.5.2026' is not a date"));
}

TEST(ShiftCalendar, breaks_lie_inside_their_shift_and_apart) {
  const auto with_breaks = [](const std::string& breaks) {
    return oee_with(shifts(
        shift("A", R"("mon")", R"("from": "06:00", "to": "14:00", "breaks": [)" + breaks + "]")));
  };

  EXPECT_THAT(mistake(with_breaks(R"({"from": "13:50", "to": "14:10"})")),
              HasSubstr("/oee/shifts/0/breaks/0: the break is not inside its shift"));
  EXPECT_THAT(
      mistake(with_breaks(R"({"from": "09:00", "to": "09:30"}, {"from": "09:15", "to": "09:45"})")),
      HasSubstr("begins before the one above has ended"));
}

}  // namespace
}  // namespace wl
