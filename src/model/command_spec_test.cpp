#include "model/command_spec.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace wl {
namespace {

using ::testing::HasSubstr;

/// A plant with a device that has a state, and these commands from line 4 on.
std::string plant_with(const std::string& commands) {
  return fmt::format(
      R"({{"name": {{"zh-CN": "产线", "en": "Line"}}, "time_zone": "Asia/Shanghai", "devices": [
{{"id": "conveyor", "name": {{"zh-CN": "传送带", "en": "Conveyor"}}, "type": "conveyor",
"points": [{{"name": "status", "tag": "T", "kind": "state", "words": ["standby", "running"]}}],
"commands": [{}]}}]}})",
      commands);
}

Result<CommandTable> parsed(const std::string& commands) {
  const std::string text = plant_with(commands);
  return parse_commands(text, "plant.json", parse_plant(text, "plant.json").value());
}

std::string mistake(const std::string& commands) {
  return parsed(commands).error().what;
}

TEST(Commands, a_device_says_what_it_can_be_told_to_do) {
  const auto table =
      parsed(R"({"name": "start", "tag": "A.Start", "write": "edge", "leads_to": "running"},
                {"name": "set_speed", "tag": "A.Speed", "write": "number", "low": 0, "high": 5,
                 "unit": "m/s"})");

  ASSERT_TRUE(table) << table.error().what;
  ASSERT_EQ(table->size(), 1u);
  const auto& commands = table->front();
  EXPECT_EQ(commands.at(0).kind, CommandKind::edge);
  EXPECT_EQ(commands.at(0).leads_to, 1);
  EXPECT_EQ(commands.at(1).tag, "A.Speed");
  EXPECT_EQ(commands.at(1).high, 5);
  EXPECT_FALSE(commands.at(1).leads_to);
}

TEST(Commands, one_that_cannot_be_meant_is_named_with_its_line) {
  EXPECT_EQ(mistake(R"({"name": "go", "tag": "A", "write": "often"})"),
            "plant.json:4: /devices/0/commands/0/write: 'often' is not edge, on, off or number");
  EXPECT_THAT(mistake(R"({"name": "go", "tag": "A", "write": "on", "leads_to": "flying"})"),
              HasSubstr("'flying' is no word of the point 'status'"));
  EXPECT_THAT(mistake(R"({"name": "go", "tag": "A", "write": "number", "low": 5, "high": 5})"),
              HasSubstr("'low' must be below 'high'"));
  EXPECT_THAT(mistake(R"({"name": "go", "tag": "A", "write": "on"},
                         {"name": "go", "tag": "B", "write": "off"})"),
              HasSubstr("command 'go' stands twice"));
  EXPECT_THAT(mistake(R"({"name": "go", "tag": "A", "write": "on", "speed": 3})"),
              HasSubstr("speed"));
}

}  // namespace
}  // namespace wl
