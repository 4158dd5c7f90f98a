#include "model/derived_tag.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace wl {
namespace {

std::string plant_with(std::string_view tag, std::string_view kind) {
  return fmt::format(
      R"({{"name": {{"zh-CN": "厂", "en": "Plant"}}, "time_zone": "UTC", "devices": [
  {{"id": "line", "name": {{"zh-CN": "线", "en": "Line"}}, "type": "line", "points": [
    {{"name": "energy_kwh", "tag": "A.B.C.E", "kind": "counter", "unit": "kWh"}},
    {{"name": "power_kw", "tag": "A.B.C.P", "kind": "measurement", "unit": "kW"}},
    {{"name": "x", "tag": "{}", "kind": "{}"}}]}}]}})",
      tag, kind);
}

std::string refusal(std::string_view tag, std::string_view kind) {
  const auto plant = parse_plant(plant_with(tag, kind), "plant.json");
  return plant ? "" : plant.error().what;
}

TEST(DerivedTag, a_day_names_its_counter) {
  const auto plant = parse_plant(plant_with("=day(energy_kwh)", "measurement"), "plant.json");

  ASSERT_TRUE(plant) << plant.error().what;
  const PointId day = *plant->find_point("line.x");
  EXPECT_TRUE(is_derived(plant->point(day).tag));
  EXPECT_EQ(counter_of_day(*plant, day), plant->find_point("line.energy_kwh"));
}

TEST(DerivedTag, a_tag_of_the_gateway_is_none) {
  EXPECT_FALSE(is_derived("Channel.Device.Group.Tag"));
  EXPECT_EQ(counter_of_day("Channel.day(energy_kwh)"), std::nullopt);
}

TEST(DerivedTag, an_expression_that_is_not_known_is_refused) {
  EXPECT_THAT(refusal("=week(energy_kwh)", "measurement"),
              testing::HasSubstr("'=week(energy_kwh)' is no expression: =day(<counter>)"));
}

TEST(DerivedTag, a_day_of_something_that_does_not_count_is_refused) {
  EXPECT_THAT(refusal("=day(power_kw)", "measurement"),
              testing::HasSubstr("'line' has no counter 'power_kw'"));
}

TEST(DerivedTag, a_day_begins_at_zero_again_so_it_is_a_measurement) {
  EXPECT_THAT(refusal("=day(energy_kwh)", "counter"),
              testing::HasSubstr("=day() is a measurement"));
}

}  // namespace
}  // namespace wl
