#include "collector/held_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

class HeldValuesTest : public testing::Test {
 protected:
  const Plant plant_ = test_plant();
  HeldValues held_{plant_};
};

TEST_F(HeldValuesTest, a_point_waits_for_initial_data_at_first) {
  EXPECT_EQ(held_.of(power).quality, quality::bad_waiting_for_initial_data);
}

TEST_F(HeldValuesTest, numbers_of_every_kind_become_samples) {
  EXPECT_EQ(held_.accept(power, good(0.95, 10), at(20))->value, 0.95);
  EXPECT_EQ(held_.accept(state, good(true, 10), at(20))->value, 1);
  EXPECT_EQ(held_.accept(energy, good(std::uint64_t{7}, 10), at(20))->value, 7);
  EXPECT_EQ(held_.of(power).source_time, at(10));
}

TEST_F(HeldValuesTest, a_text_is_stored_as_bad_with_the_number_before_and_counted) {
  held_.accept(power, good(1.5, 10), at(20));

  const auto text = held_.accept(power, good(std::string("on"), 30), at(40));

  EXPECT_EQ(*text, (Sample{power, 1.5, quality::bad_type_mismatch, at(30)}));
  EXPECT_EQ(held_.counts().of(power, CleaningReason::wrong_type), 1u);
}

TEST_F(HeldValuesTest, no_communication_is_a_transition_that_keeps_the_number) {
  held_.accept(power, good(1.5, 10), at(20));

  const auto lost = held_.accept(power, bad(quality::bad_no_communication, 30), at(40));

  ASSERT_TRUE(lost);
  EXPECT_EQ(*lost, (Sample{power, 1.5, quality::bad_no_communication, at(30)}));
}

TEST_F(HeldValuesTest, good_again_with_its_old_source_time_is_dated_when_it_came) {
  held_.accept(power, good(1.5, 10), at(20));
  held_.accept(power, bad(quality::bad_no_communication, 30), at(40));

  const auto again = held_.accept(power, good(1.5, 10), at(50));

  ASSERT_TRUE(again);
  EXPECT_EQ(*again, (Sample{power, 1.5, quality::good, at(50)}));
}

TEST_F(HeldValuesTest, infinity_and_nan_are_bad_and_keep_the_number_before) {
  held_.accept(power, good(1.5, 10), at(20));

  const auto nan = held_.accept(power, good(std::numeric_limits<double>::quiet_NaN(), 30), at(31));
  const auto inf = held_.accept(power, good(std::numeric_limits<double>::infinity(), 40), at(41));

  EXPECT_EQ(*nan, (Sample{power, 1.5, quality::bad_out_of_range, at(30)}));
  EXPECT_EQ(inf->quality, quality::bad_out_of_range);
  EXPECT_EQ(inf->value, 1.5);
}

TEST_F(HeldValuesTest, an_implausible_number_is_kept_as_uncertain) {
  EXPECT_EQ(held_.accept(power, good(100.1, 10), at(20))->quality,
            quality::uncertain_units_exceeded);
  EXPECT_EQ(held_.accept(power, good(100.0, 30), at(40))->quality, quality::good);
  EXPECT_EQ(held_.accept(power, good(-0.1, 50), at(60))->quality,
            quality::uncertain_units_exceeded);
}

TEST_F(HeldValuesTest, a_new_subscription_repeating_the_value_is_no_news) {
  held_.accept(power, good(1.5, 10), at(20));

  EXPECT_EQ(held_.accept(power, good(1.5, 10), at(9000)), std::nullopt);
}

TEST_F(HeldValuesTest, a_missing_source_time_is_the_time_of_arrival) {
  EXPECT_EQ(held_.accept(power, {1.0, quality::good, Timestamp{}}, at(20))->source_time, at(20));
}

TEST_F(HeldValuesTest, a_clock_set_back_does_not_pile_values_up_at_one_time) {
  held_.accept(power, good(1.0, 3'600'000), at(3'600'010));

  EXPECT_EQ(held_.accept(power, good(2.0, 1000), at(1010))->source_time, at(1000));
  EXPECT_EQ(held_.accept(power, good(3.0, 2000), at(2010))->source_time, at(2000));
}

}  // namespace
}  // namespace wl::collector
