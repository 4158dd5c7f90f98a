#include "collector/derive/day_counters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace wl::collector {
namespace {

using testing::IsEmpty;

constexpr std::int64_t day_ms = 86'400'000;

/// UTC days.
LocalDay day_of(Timestamp at) {
  const auto begin = to_unix_ms(at) / day_ms * day_ms;
  return {from_unix_ms(begin), from_unix_ms(begin + day_ms)};
}

Plant plant_with(double resolution_kwh, double modulus_kwh) {
  Plant plant;
  plant.devices.push_back({.id = "line", .name = {}, .description = {}, .type = "line"});
  PointSpec counter;
  counter.key = "line.energy_kwh";
  counter.name = "energy_kwh";
  counter.kind = PointKind::counter;
  counter.resolution_kwh = resolution_kwh;
  counter.modulus_kwh = modulus_kwh;
  PointSpec day;
  day.key = "line.energy_kwh_day";
  day.name = "energy_kwh_day";
  day.tag = "=day(energy_kwh)";
  plant.points = {counter, day};
  return plant;
}

/// A counter that is read at hours of the first days of 1970.
struct Meter {
  explicit Meter(double resolution_kwh = 0.1, double modulus_kwh = 0)
      : plant(plant_with(resolution_kwh, modulus_kwh)) {}

  static Timestamp at(double hour) {
    return from_unix_ms(std::llround(hour * 3'600'000));
  }
  /// The derived value after a reading; nothing when there is none.
  std::optional<DataValue> read(double hour, double kwh, Quality quality = quality::good) {
    const auto values = days.on_sample({PointId{0}, kwh, quality, at(hour)});
    return values.empty() ? std::nullopt : std::optional(values.front().value);
  }
  double shown(double hour, double kwh) { return *to_number(read(hour, kwh)->value); }

  Plant plant;
  DayCounters days{plant, day_of};
};

TEST(DayCounters, the_first_reading_begins_at_zero_and_later_ones_add_up) {
  Meter meter;

  EXPECT_EQ(meter.read(8, 500), (DataValue{0.0, quality::good, Meter::at(8)}));
  EXPECT_DOUBLE_EQ(meter.shown(9, 502), 2);
  EXPECT_DOUBLE_EQ(meter.shown(10, 507), 7);
}

TEST(DayCounters, what_is_counted_over_a_midnight_is_split_by_time) {
  Meter meter;
  meter.read(20, 500);

  EXPECT_DOUBLE_EQ(meter.shown(28, 508), 4);
  EXPECT_DOUBLE_EQ(meter.shown(29, 510), 6);
}

TEST(DayCounters, a_silence_of_several_days_gives_this_day_its_share) {
  Meter meter;
  meter.read(0, 0);

  EXPECT_DOUBLE_EQ(meter.shown(72, 72), 0);
  EXPECT_DOUBLE_EQ(meter.shown(78, 90), 18);
}

TEST(DayCounters, a_steady_counter_begins_the_day_at_zero_at_midnight) {
  Meter meter;
  meter.read(20, 500);
  meter.read(21, 503);

  EXPECT_THAT(meter.days.on_time(Meter::at(23.9)), IsEmpty());
  const auto values = meter.days.on_time(Meter::at(24.1));

  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].value, (DataValue{0.0, quality::good, Meter::at(24)}));
  EXPECT_DOUBLE_EQ(meter.shown(25, 504), 1);
}

TEST(DayCounters, a_dip_within_the_resolution_changes_nothing) {
  Meter meter(0.5);
  meter.read(8, 500);
  meter.read(9, 502);

  EXPECT_DOUBLE_EQ(meter.shown(10, 501.6), 2);
  EXPECT_DOUBLE_EQ(meter.shown(11, 503), 3);
}

TEST(DayCounters, a_reset_keeps_the_sum_and_counts_the_new_reading) {
  Meter meter;
  meter.read(8, 500);
  meter.read(9, 502);

  EXPECT_DOUBLE_EQ(meter.shown(10, 1), 3);
  EXPECT_DOUBLE_EQ(meter.shown(11, 2), 4);
}

TEST(DayCounters, a_counter_rolls_over_at_its_modulus) {
  Meter meter(0.1, 1000);
  meter.read(8, 995);

  EXPECT_DOUBLE_EQ(meter.shown(9, 2), 7);
}

TEST(DayCounters, a_bad_reading_shows_bad_and_counts_nothing) {
  Meter meter;
  meter.read(8, 500);

  EXPECT_EQ(meter.read(9, 0, quality::bad_no_communication)->quality,
            quality::bad_no_communication);
  EXPECT_DOUBLE_EQ(meter.shown(10, 506), 6);
}

TEST(DayCounters, a_day_does_not_begin_while_the_counter_is_bad) {
  Meter meter;
  meter.read(20, 500);
  meter.read(21, 0, quality::bad_no_communication);

  EXPECT_THAT(meter.days.on_time(Meter::at(25)), IsEmpty());
}

TEST(DayCounters, a_late_reading_is_no_news) {
  Meter meter;
  meter.read(8, 500);
  meter.read(10, 506);

  EXPECT_EQ(meter.read(9, 503), std::nullopt);
  EXPECT_DOUBLE_EQ(meter.shown(11, 507), 7);
}

TEST(DayCounters, a_restart_goes_on_where_it_was) {
  Meter before;
  before.read(8, 500);
  before.read(9, 502);
  Meter after;

  ASSERT_TRUE(after.days.restore(before.days.save()));

  EXPECT_DOUBLE_EQ(after.shown(12, 509), 9);
}

TEST(DayCounters, a_text_that_was_never_saved_is_refused_and_changes_nothing) {
  Meter meter;
  meter.read(8, 500);

  EXPECT_FALSE(meter.days.restore(R"({"line.energy_kwh_day":{"at":1}})"));
  EXPECT_DOUBLE_EQ(meter.shown(9, 501), 1);
}

TEST(DayCounters, what_is_to_be_saved_changes_with_each_reading_only) {
  Meter meter;
  const auto before = meter.days.revision();
  meter.days.on_time(Meter::at(1));
  EXPECT_EQ(meter.days.revision(), before);
  meter.read(8, 500);
  EXPECT_NE(meter.days.revision(), before);
}

}  // namespace
}  // namespace wl::collector
