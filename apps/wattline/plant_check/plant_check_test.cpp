#include "apps/wattline/plant_check/plant_check.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"

namespace wl::plant_check {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// One channel with tags of every sort: Power and Energy (Double), Name (String), On (Boolean),
/// Go (Boolean, writable), State (Int16), Small (UInt16), Watts (Float in W).
const char* const gateway_json = R"({"channels": [{"name": "C", "driver": "opcua",
 "endpoint": "opc.tcp://localhost:4841", "devices": [{"name": "D", "groups": [{"name": "G",
 "tags": [
  {"name": "Power", "address": "a", "type": "Double", "access": "R", "scan_ms": 1000, "unit": "kW"},
  {"name": "Energy", "address": "b", "type": "Double", "access": "R", "scan_ms": 1000},
  {"name": "Name", "address": "c", "type": "String", "access": "R", "scan_ms": 1000},
  {"name": "On", "address": "d", "type": "Boolean", "access": "R", "scan_ms": 1000},
  {"name": "Go", "address": "h", "type": "Boolean", "access": "RW", "scan_ms": 100},
  {"name": "State", "address": "e", "type": "Int16", "access": "R", "scan_ms": 1000},
  {"name": "Small", "address": "f", "type": "UInt16", "access": "R", "scan_ms": 1000},
  {"name": "Watts", "address": "g", "type": "Float", "access": "R", "scan_ms": 1000, "unit": "W"}
 ]}]}]}]})";

/// Devices of plant.json; the first stands on line 2.
std::string plant_with(const std::string& devices) {
  return R"({"name": {"zh-CN": "产线", "en": "Line"}, "time_zone": "UTC", "devices": [)"
         "\n" +
         devices + "\n]}";
}

/// A device of that id with these points; the first point stands two lines below.
std::string device(const std::string& id, const std::string& points) {
  return fmt::format(R"({{"id": "{}", "name": {{"zh-CN": "设备", "en": "Device"}},
"type": "station", "rated_power_kw": 5, "points": [
{}]}})",
                     id, points);
}

std::string point(const std::string& name, const std::string& tag, const std::string& rest) {
  return fmt::format(R"({{"name": "{}", "tag": "C.D.G.{}", {}}})", name, tag, rest);
}

const std::string measured = R"("kind": "measurement", "low": 0, "high": 100)";
const std::string counted = R"("kind": "counter")";

std::vector<std::string> found(const std::string& plant, const Stored& stored = {}) {
  std::vector<std::string> texts;
  const Input input{{"plant.json", plant}, {"gateway.json", gateway_json}, {}};
  for (const Finding& finding : check(input, stored).findings)
    texts.push_back((finding.weight == Weight::error ? "E " : "W ") + to_text(finding));
  return texts;
}

/// Of one device with a sound power_kw on line 4 and `second` on line 5.
std::vector<std::string> found_beside_power(const std::string& second) {
  return found(plant_with(device("a", point("power_kw", "Power", measured) + ",\n" + second)));
}

TEST(PlantCheck, the_shipped_configuration_is_sound_and_without_warning) {
  const std::string folder = std::string(WATTLINE_SOURCE_DIR) + "/config/";
  const Input input{{"plant.json", read_file(folder + "plant.json").value()},
                    {"gateway.json", read_file(folder + "gateway.json").value()},
                    {{"PLC_OPC_UA_HOST", "localhost"}, {"PLC_OPC_UA_PORT", "4841"}}};

  const Report report = check(input);

  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_TRUE(report.sound());
}

TEST(PlantCheck, an_unknown_tag_is_named_with_its_line_and_the_nearest_known_one) {
  EXPECT_THAT(found_beside_power(point("energy_kwh", "Enrgy", counted)),
              ElementsAre("E plant.json:5: /devices/0/points/1/tag: gateway.json has no tag "
                          "'C.D.G.Enrgy'; did you mean 'C.D.G.Energy'?"));
}

TEST(PlantCheck, energy_that_would_count_twice_is_an_error) {
  const std::string points = point("power_kw", "Power", measured);

  EXPECT_THAT(found(plant_with(device("a", points) + ",\n" + device("b", points))),
              ElementsAre("E plant.json:7: /devices/1/points/0/tag: the tag of 'b.power_kw' feeds "
                          "'a.power_kw' too (line 4): the same energy would count twice"));
}

TEST(PlantCheck, two_points_of_one_device_may_share_a_tag) {
  const std::string words = R"("kind": "state", "words": ["off", "on"])";

  EXPECT_THAT(found_beside_power(point("status", "State", words) + ",\n" +
                                 point("system_state", "State", words)),
              IsEmpty());
}

TEST(PlantCheck, a_tag_whose_type_does_not_fit_the_kind_is_explained) {
  EXPECT_THAT(found_beside_power(point("x", "Name", measured)),
              ElementsAre(HasSubstr("'C.D.G.Name' is a String, and a point needs a number")));
  EXPECT_THAT(found_beside_power(point("x", "On", measured)),
              ElementsAre(HasSubstr("'C.D.G.On' is a Boolean: make the point a state")));
  EXPECT_THAT(found_beside_power(point("x", "Energy", R"("kind": "state", "words": ["a"])")),
              ElementsAre(HasSubstr("a state needs whole numbers")));
  EXPECT_THAT(found_beside_power(point("x", "On", R"("kind": "state", "words": ["a"])")),
              ElementsAre(HasSubstr("W plant.json:5")));
  EXPECT_THAT(found_beside_power(point("x", "Small", counted)),
              ElementsAre(HasSubstr("begins at 0 again after 65536")));
}

TEST(PlantCheck, a_tag_in_another_unit_is_an_error) {
  EXPECT_THAT(found_beside_power(point("x", "Watts", measured + R"(, "unit": "kW")")),
              ElementsAre(HasSubstr("the point is in kW and the tag in W: give the tag a 'sc")));
}

TEST(PlantCheck, a_range_that_would_doubt_true_values_is_an_error) {
  EXPECT_THAT(found(plant_with(
                  device("a", point("power_kw", "Power", R"("kind": "measurement", "high": 4)")))),
              ElementsAre(HasSubstr("'high' is 4 kW, below the rated power of the device (5 kW)")));
  EXPECT_THAT(found_beside_power(point("energy_kwh", "Energy", R"("kind": "counter", "low": 1)")),
              ElementsAre(HasSubstr("a counter begins at 0")));
  EXPECT_THAT(found_beside_power(point("x", "Watts", R"("kind": "measurement")")),
              ElementsAre(HasSubstr("W plant.json:5: /devices/0/points/1: without 'low'")));
  EXPECT_THAT(found_beside_power(point("x", "Watts", measured + R"(, "max_rate": 100)")),
              ElementsAre(HasSubstr("doubts nothing")));
}

TEST(PlantCheck, energy_and_power_of_another_kind_are_errors) {
  EXPECT_THAT(found_beside_power(point("energy_kwh", "Energy", measured)),
              ElementsAre(HasSubstr("energy_kwh is a counter")));
  EXPECT_THAT(found(plant_with(device("a", point("power_kw", "Power", counted)))),
              ElementsAre(HasSubstr("power_kw is a measurement")));
}

TEST(PlantCheck, a_device_without_power_and_energy_is_a_warning) {
  EXPECT_THAT(found(plant_with(device("a", point("speed", "Watts", measured)))),
              ElementsAre(HasSubstr("W plant.json:2: /devices/0: device 'a' has neither")));
  EXPECT_THAT(found(plant_with(device("a", point("energy_kwh", "Energy", counted)))),
              ElementsAre(HasSubstr("has no power_kw")));
}

TEST(PlantCheck, a_missing_name_in_either_language_is_named) {
  EXPECT_THAT(
      found(plant_with(R"({"id": "a", "name": {"zh-CN": "设备"}, "type": "t", "points": [)" +
                       point("power_kw", "Power", measured) + "]}")),
      ElementsAre("E plant.json:2: /devices/0/name: 'en' is missing"));
  EXPECT_THAT(found(plant_with(R"({"id": "a", "name": {"zh-CN": "", "en": "A"}, "type": "t",
"points": [)" + point("power_kw", "Power", measured) +
                               "]}")),
              ElementsAre("E plant.json:2: /devices/0/name/zh-CN: the Chinese name is empty"));
}

TEST(PlantCheck, a_key_that_stands_twice_is_named_with_both_lines) {
  EXPECT_THAT(found_beside_power("{\"name\": \"x\", \"tag\": \"C.D.G.Watts\",\n\"tag\": "
                                 "\"C.D.G.Energy\", " +
                                 measured + "}"),
              ElementsAre("E plant.json:6: /devices/0/points/1/tag: stands twice in one object; "
                          "the first is on line 5"));
}

TEST(PlantCheck, mistakes_of_both_files_come_at_once) {
  const Input input{{"plant.json", plant_with(device("a", R"({"name": "x"})"))},
                    {"gateway.json", R"({"chanels": []})"},
                    {}};

  const Report report = check(input);

  EXPECT_FALSE(report.sound());
  EXPECT_THAT(report.findings, testing::Contains(testing::Field(&Finding::file, "gateway.json")));
  EXPECT_THAT(report.findings, testing::Contains(testing::Field(&Finding::file, "plant.json")));
}

TEST(PlantCheck, what_the_database_knows_and_the_plant_does_not_is_a_warning) {
  Stored stored;
  stored.points = {"a.power_kw", "press.power_kw"};
  stored.thresholds.resize(2);
  stored.thresholds[0].device_id = stored.thresholds[1].device_id = "a";
  stored.thresholds[0].parameter_name = "power_kw";
  stored.thresholds[1].parameter_name = "speed";
  stored.thresholds[1].id = 8;

  EXPECT_THAT(found(plant_with(device("a", point("power_kw", "Power", measured))), stored),
              ElementsAre(HasSubstr("W plant.json: the history has 'press.power_kw'"),
                          HasSubstr("W plant.json: threshold 8 watches a.speed")));
}

TEST(PlantList, shows_each_point_with_unit_range_and_tag) {
  const Input input{
      {"plant.json",
       plant_with(device("a", point("power_kw", "Power", measured + R"(, "unit": "kW")")))},
      {"gateway.json", gateway_json},
      {}};
  const Report report = check(input);

  const std::string text = list(report.plant.value(), report.gateway.value());

  EXPECT_THAT(text, HasSubstr("a              power_kw           measurement  kW     0 … 100"));
  EXPECT_THAT(text, HasSubstr("C.D.G.Power (Double)\n1 devices, 1 points\n"));
}

TEST(PlantCheck, a_command_needs_a_tag_of_its_sort_that_can_be_written) {
  const auto found_with = [](const std::string& command) {
    std::string text = plant_with(device("a", point("power_kw", "Power", measured)));
    text.insert(text.rfind("]}\n]}") + 1, R"(, "commands": [)" + command + "]");
    return found(text);
  };

  EXPECT_THAT(found_with(R"({"name": "start", "tag": "C.D.G.On", "write": "edge"})"),
              ElementsAre(HasSubstr("'C.D.G.On' is read only")));
  EXPECT_THAT(
      found_with(R"({"name": "go", "tag": "C.D.G.Go", "write": "number", "low": 0, "high": 1})"),
      ElementsAre(HasSubstr("'C.D.G.Go' is a Boolean, and 'go' writes a number")));
  EXPECT_THAT(found_with(R"({"name": "start", "tag": "C.D.G.Gone", "write": "on"})"),
              ElementsAre(HasSubstr("has no tag 'C.D.G.Gone'")));
}

}  // namespace
}  // namespace wl::plant_check
