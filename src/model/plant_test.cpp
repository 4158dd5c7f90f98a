#include "model/plant.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace wl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A plant with one device; `points` is what stands in its list, from line 4 on.
std::string plant_with(const std::string& points, const std::string& id = "conveyor") {
  return fmt::format(
      R"({{"name": {{"zh-CN": "产线", "en": "Line"}}, "time_zone": "Asia/Shanghai", "devices": [
{{"id": "{}", "name": {{"zh-CN": "传送带", "en": "Conveyor"}}, "type": "conveyor",
"points": [
{}
]}}]}})",
      id, points);
}

const std::string power =
    R"({"name": "power_kw", "tag": "A.B.C.P", "kind": "measurement", "low": 0, "high": 100})";

std::string mistake(const std::string& text) {
  return parse_plant(text, "plant.json").error().what;
}

TEST(Plant, devices_and_points_are_found_by_name) {
  const auto plant = parse_plant(
      plant_with(power + ",\n" + R"({"name": "energy_kwh", "tag": "A.B.C.E", "kind": "counter"})"),
      "plant.json");

  ASSERT_TRUE(plant.has_value()) << plant.error().what;
  EXPECT_EQ(plant->name.zh_cn, "产线");
  const auto device = plant->find_device("conveyor").value();
  EXPECT_EQ(plant->device(device).name.en, "Conveyor");
  const auto point = plant->find_point("conveyor.energy_kwh").value();
  EXPECT_EQ(plant->point(point).kind, PointKind::counter);
  EXPECT_EQ(plant->point(point).tag, "A.B.C.E");
  EXPECT_THAT(plant->points_of(device), ElementsAre(PointId{0}, PointId{1}));
  EXPECT_FALSE(plant->find_point("conveyor.none").has_value());
  EXPECT_FALSE(plant->find_device("none").has_value());
}

TEST(Plant, the_words_of_a_state_give_its_range) {
  const auto plant = parse_plant(
      plant_with(R"({"name": "status", "tag": "T", "kind": "state", "words": ["off", "on"]})"),
      "plant.json");

  EXPECT_EQ(plant->points.at(0).high, 1);
  EXPECT_THAT(plant->points.at(0).words, ElementsAre("off", "on"));
}

TEST(Plant, a_state_without_words_is_named_with_its_line) {
  EXPECT_EQ(mistake(plant_with(R"({"name": "status", "tag": "T", "kind": "state"})")),
            "plant.json:4: /devices/0/points/0: a state needs 'words', one for each code from 0");
}

TEST(Plant, a_point_that_stands_twice_is_named) {
  EXPECT_EQ(mistake(plant_with(power + ",\n" + power)),
            "plant.json:5: /devices/0/points/1: point 'conveyor.power_kw' stands twice");
}

TEST(Plant, an_id_that_cannot_stand_in_a_key_is_named) {
  EXPECT_THAT(mistake(plant_with(power, "Conveyor 1")),
              HasSubstr("/devices/0/id: 'Conveyor 1' may hold only a-z, 0-9 and _"));
}

TEST(Plant, a_range_that_is_upside_down_is_named) {
  EXPECT_THAT(mistake(plant_with(
                  R"({"name": "p", "tag": "T", "kind": "measurement", "low": 5, "high": 1})")),
              HasSubstr("'low' must be below 'high'"));
}

TEST(Plant, an_energy_counter_may_say_how_its_meter_counts) {
  const auto plant = parse_plant(plant_with(R"({"name": "energy_kwh", "tag": "T", "kind": "counter",
      "resolution_kwh": 0.001, "modulus_kwh": 10000})"),
                                 "plant.json");

  EXPECT_EQ(plant->points.at(0).resolution_kwh, 0.001);
  EXPECT_EQ(plant->points.at(0).modulus_kwh, 10'000);
}

TEST(Plant, the_counting_of_a_meter_is_refused_where_there_is_no_meter) {
  EXPECT_THAT(mistake(plant_with(
                  R"({"name": "power_kw", "tag": "T", "kind": "measurement", "modulus_kwh": 10})")),
              HasSubstr("'modulus_kwh' belong to the counter 'energy_kwh' only"));
  EXPECT_THAT(mistake(plant_with(R"({"name": "energy_kwh", "tag": "T", "kind": "counter",
      "resolution_kwh": 1, "modulus_kwh": 10})")),
              HasSubstr("at least 100 times 'resolution_kwh'"));
}

TEST(Plant, a_point_may_say_what_makes_its_numbers_doubtful) {
  const auto plant =
      parse_plant(plant_with(R"({"name": "p", "tag": "T", "kind": "measurement", "max_rate": 2.5,
      "stuck_after": "30min"}, {"name": "c", "tag": "T", "kind": "counter", "stuck_after": "2h"})"),
                  "plant.json");

  ASSERT_TRUE(plant.has_value()) << plant.error().what;
  EXPECT_EQ(plant->points.at(0).max_rate, 2.5);
  EXPECT_EQ(plant->points.at(0).stuck_after, std::chrono::minutes{30});
  EXPECT_EQ(plant->points.at(1).max_rate, 0);
  EXPECT_EQ(plant->points.at(1).stuck_after, std::chrono::hours{2});
  EXPECT_EQ(plant->clock_tolerance, Milliseconds{10'000});
}

TEST(Plant, doubts_are_refused_where_they_make_no_sense) {
  EXPECT_THAT(mistake(plant_with(R"({"name": "c", "tag": "T", "kind": "counter", "max_rate": 1})")),
              HasSubstr("max_rate: 'max_rate' belongs to a measurement"));
  EXPECT_THAT(
      mistake(plant_with(R"({"name": "p", "tag": "T", "kind": "measurement", "max_rate": 0})")),
      HasSubstr("'max_rate' must be above 0"));
  EXPECT_THAT(mistake(plant_with(R"({"name": "s", "tag": "T", "kind": "state", "words": ["off"],
      "stuck_after": "1h"})")),
              HasSubstr("a state may stay as it is"));
  EXPECT_THAT(mistake(plant_with(
                  R"({"name": "p", "tag": "T", "kind": "measurement", "stuck_after": "soon"})")),
              HasSubstr("'soon' is not a number with a unit"));
  EXPECT_THAT(mistake(plant_with(
                  R"({"name": "p", "tag": "T", "kind": "measurement", "stuck_after": "1s"})")),
              HasSubstr("'1s' is not between 10 s and"));
}

TEST(Plant, all_mistakes_come_at_once) {
  const std::string text = mistake(plant_with(R"({"name": "p", "tga": "T", "kind": "gauge"})"));

  EXPECT_THAT(text, HasSubstr("/devices/0/points/0/tga: unknown key; did you mean 'tag'?"));
  EXPECT_THAT(text, HasSubstr("'tag' is missing"));
  EXPECT_THAT(text, HasSubstr("'gauge' is not measurement, counter or state"));
}

TEST(Plant, text_that_is_no_json_is_named_with_line_and_column) {
  EXPECT_THAT(mistake("{"), HasSubstr("plant.json:1:"));
}

}  // namespace
}  // namespace wl
