#include "gateway/tag_pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace wl::gateway {
namespace {

using testing::ElementsAre;

const Timestamp t0 = from_unix_ms(1'763'820'000'000);

Timestamp at(std::int64_t ms) {
  return t0 + Milliseconds{ms};
}

DataValue good(Value value, std::int64_t ms) {
  return {std::move(value), quality::good, at(ms)};
}

TagConfig tag(DataType type, std::int64_t scan_ms) {
  TagConfig config;
  config.type = type;
  config.scan = Milliseconds{scan_ms};
  return config;
}

/// Feeds a value each `period_ms` with the given jitter pattern; how many passed at once.
int passed(TagPipeline& pipeline, std::int64_t period_ms, const std::vector<std::int64_t>& jitter,
           int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    const auto ms = i * period_ms + jitter[static_cast<std::size_t>(i) % jitter.size()];
    sum += pipeline.on_value(good(double(i), ms), at(ms)).has_value();
  }
  return sum;
}

TEST(TagPipeline, the_first_value_passes_at_once) {
  TagPipeline pipeline(tag(DataType::float64, 1000));

  EXPECT_EQ(pipeline.on_value(good(1.5, 0), at(0)), good(1.5, 0));
}

TEST(TagPipeline, a_100_ms_tag_fed_by_a_jittering_100_ms_scan_loses_nothing) {
  TagPipeline pipeline(tag(DataType::float64, 100));

  EXPECT_EQ(passed(pipeline, 100, {0, 20, -20, 5, -15}, 1000), 1000);
}

TEST(TagPipeline, a_source_that_runs_slightly_fast_loses_nothing_either) {
  TagPipeline pipeline(tag(DataType::float64, 101));

  EXPECT_EQ(passed(pipeline, 100, {0}, 10'000), 10'000);
}

TEST(TagPipeline, a_scan_that_is_late_once_does_not_cost_the_next_one) {
  TagPipeline pipeline(tag(DataType::float64, 100));

  EXPECT_EQ(passed(pipeline, 100, {0, 0, 90, 0, 0}, 1000), 1000);
}

TEST(TagPipeline, a_slower_tag_passes_one_value_a_period) {
  TagPipeline pipeline(tag(DataType::float64, 1000));

  EXPECT_NEAR(passed(pipeline, 100, {0}, 1000), 100, 2);
}

TEST(TagPipeline, an_early_value_is_given_out_at_its_slot_without_a_further_change) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.0, 0), at(0));

  EXPECT_EQ(pipeline.on_value(good(2.0, 100), at(100)), std::nullopt);
  EXPECT_EQ(pipeline.on_value(good(3.0, 200), at(200)), std::nullopt);

  EXPECT_EQ(pipeline.due(), at(1000));
  EXPECT_EQ(pipeline.on_time(at(999)), std::nullopt);
  EXPECT_EQ(pipeline.on_time(at(1000)), good(3.0, 200));
  EXPECT_EQ(pipeline.on_time(at(5000)), std::nullopt);
}

TEST(TagPipeline, a_change_after_a_long_rest_passes_at_once) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.0, 0), at(0));

  EXPECT_TRUE(pipeline.on_value(good(2.0, 60'300), at(60'300)));
}

TEST(TagPipeline, a_source_clock_that_was_set_back_does_not_silence_the_tag) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.0, 3'600'000), at(3'600'000));

  EXPECT_TRUE(pipeline.on_value(good(2.0, 0), at(3'601'000)));
}

TEST(TagPipeline, the_slot_counts_on_the_gateways_clock_when_the_source_clock_differs) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.0, 0), at(50'000));
  pipeline.on_value(good(2.0, 100), at(50'100));

  EXPECT_EQ(pipeline.due(), at(51'000));
}

TEST(TagPipeline, a_change_of_quality_passes_at_once_and_keeps_the_number) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.5, 0), at(0));
  const DataValue failed{false, quality::bad_device_failure, at(10)};

  EXPECT_EQ(pipeline.on_value(failed, at(10)),
            (DataValue{1.5, quality::bad_device_failure, at(10)}));
}

TEST(TagPipeline, a_lost_link_keeps_the_last_value_with_the_time_of_the_loss) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.5, 0), at(0));

  EXPECT_THAT(pipeline.on_link_down(at(700)),
              ElementsAre(DataValue{1.5, quality::bad_no_communication, at(700)}));
}

TEST(TagPipeline, a_lost_link_of_a_device_whose_clock_is_ahead_follows_its_last_value) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.5, 5'000), at(0));

  EXPECT_THAT(pipeline.on_link_down(at(700)),
              ElementsAre(DataValue{1.5, quality::bad_no_communication, at(5'001)}));
}

TEST(TagPipeline, a_lost_link_gives_out_the_withheld_value_first) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.0, 0), at(0));
  pipeline.on_value(good(2.0, 100), at(100));

  EXPECT_THAT(pipeline.on_link_down(at(300)),
              ElementsAre(good(2.0, 100), DataValue{2.0, quality::bad_no_communication, at(300)}));
}

TEST(TagPipeline, after_a_lost_link_the_same_value_is_good_at_once) {
  TagPipeline pipeline(tag(DataType::float64, 1000));
  pipeline.on_value(good(1.5, 0), at(0));
  pipeline.on_link_down(at(100));

  EXPECT_EQ(pipeline.on_value(good(1.5, 200), at(200)), good(1.5, 200));
}

TEST(TagPipeline, a_value_that_does_not_fit_is_a_configuration_error_told_once) {
  TagPipeline pipeline(tag(DataType::byte, 100));
  pipeline.on_value(good(std::int64_t{7}, 0), at(0));

  const auto seen = pipeline.on_value(good(std::int64_t{300}, 100), at(100));

  EXPECT_EQ(seen, (DataValue{std::uint64_t{7}, quality::bad_configuration_error, at(100)}));
  EXPECT_TRUE(pipeline.take_mismatch());
  pipeline.on_value(good(std::string("x"), 200), at(200));
  EXPECT_FALSE(pipeline.take_mismatch());
}

TEST(TagPipeline, scaling_maps_raw_to_engineering_units) {
  auto config = tag(DataType::float64, 100);
  config.scaling = Scaling{4, 20, 0, 100};
  TagPipeline pipeline(config);

  EXPECT_EQ(pipeline.on_value(good(std::int64_t{12}, 0), at(0)), good(50.0, 0));
}

TEST(TagPipeline, a_change_within_the_deadband_does_not_pass) {
  auto config = tag(DataType::float64, 100);
  config.deadband = 0.5;
  TagPipeline pipeline(config);
  pipeline.on_value(good(10.0, 0), at(0));

  EXPECT_FALSE(pipeline.on_value(good(10.4, 100), at(100)));
  EXPECT_TRUE(pipeline.on_value(good(10.5, 200), at(200)));
}

TEST(TagPipeline, what_returns_into_the_deadband_before_its_slot_is_forgotten) {
  auto config = tag(DataType::float64, 1000);
  config.deadband = 0.5;
  TagPipeline pipeline(config);
  pipeline.on_value(good(10.0, 0), at(0));
  pipeline.on_value(good(12.0, 100), at(100));

  pipeline.on_value(good(10.1, 200), at(200));

  EXPECT_FALSE(pipeline.on_time(at(2000)));
}

}  // namespace
}  // namespace wl::gateway
