#include "model/oee.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

/// The worked example: a shift of 8 h, 7.5 h planned, 45 min broken down, 15 min of minor stops,
/// ideal 36 s, 600 pieces, 30 of them bad.
OeeSums shift() {
  return {.planned_ms = 27'000'000,
          .running_ms = 23'400'000,
          .minor_stop_ms = 900'000,
          .breakdown_ms = 2'700'000,
          .produced = 600,
          .rejected = 30,
          .rated_produced = 600,
          .rated_rejected = 30,
          .ideal_produced_us = 21'600'000'000,
          .ideal_good_us = 20'520'000'000};
}

TEST(Oee, ratios_are_those_of_the_standard) {
  const OeeRatios ratios = ratios_of(shift());

  EXPECT_DOUBLE_EQ(ratios.availability.value(), 24'300.0 / 27'000);
  EXPECT_DOUBLE_EQ(ratios.performance.value(), 21'600.0 / 24'300);
  EXPECT_DOUBLE_EQ(ratios.quality.value(), 570.0 / 600);
  EXPECT_DOUBLE_EQ(ratios.oee.value(), 0.76);
  EXPECT_FALSE(ratios.performance_flag);
  EXPECT_EQ(ratios.coverage, 1);
}

TEST(Oee, its_three_factors_multiply_to_it) {
  const OeeRatios ratios = ratios_of(shift());

  EXPECT_DOUBLE_EQ(*ratios.availability * *ratios.performance * *ratios.quality, *ratios.oee);
}

TEST(Oee, a_denominator_of_0_gives_no_value) {
  const OeeRatios nothing = ratios_of({});
  const OeeRatios stood = ratios_of({.planned_ms = 900'000, .breakdown_ms = 900'000});

  EXPECT_FALSE(nothing.availability || nothing.performance || nothing.quality || nothing.oee);
  EXPECT_EQ(stood.availability, 0);
  EXPECT_FALSE(stood.performance || stood.quality);
  EXPECT_EQ(stood.oee, 0);
}

TEST(Oee, time_that_nobody_saw_is_not_in_the_ratios) {
  OeeSums sums = shift();
  sums.planned_ms += 3'000'000;
  sums.unknown_ms = 3'000'000;

  EXPECT_DOUBLE_EQ(ratios_of(sums).oee.value(), 0.76);
  EXPECT_DOUBLE_EQ(ratios_of(sums).coverage, 0.9);
}

TEST(Oee, a_line_faster_than_its_ideal_is_flagged_and_not_clamped) {
  const OeeRatios ratios =
      ratios_of({.planned_ms = 900'000, .running_ms = 900'000, .ideal_produced_us = 990'000'000});

  EXPECT_DOUBLE_EQ(ratios.performance.value(), 1.1);
  EXPECT_TRUE(ratios.performance_flag);
}

TEST(Oee, sums_of_parts_are_the_sum_of_the_whole) {
  OeeSums twice = shift();
  twice += shift();

  EXPECT_EQ(twice.planned_ms, 54'000'000);
  EXPECT_EQ(twice.ideal_good_us, 41'040'000'000);
  EXPECT_DOUBLE_EQ(ratios_of(twice).oee.value(), 0.76);
}

}  // namespace
}  // namespace wl
