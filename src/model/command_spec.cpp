#include "model/command_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/json_file.hpp"

namespace wl {
namespace {

struct CommandWord {
  std::string_view word;
  CommandKind kind;
};

constexpr std::array command_kinds{
    CommandWord{"edge", CommandKind::edge}, CommandWord{"on", CommandKind::on},
    CommandWord{"off", CommandKind::off}, CommandWord{"number", CommandKind::number}};

CommandKind read_kind(const JsonCursor& place) {
  const std::string word = place.text();
  const auto kind = std::ranges::find(command_kinds, std::string_view(word), &CommandWord::word);
  if (kind != command_kinds.end()) return kind->kind;
  place.problem(fmt::format("'{}' is not edge, on, off or number", word));
  return CommandKind::edge;
}

/// `running` as the code that the point `status` of the device has for it.
std::optional<int> read_leads_to(const JsonCursor& place, const Plant& plant,
                                 const DeviceSpec& device) {
  const std::string word = place.text();
  const auto point = plant.find_point(device.id + ".status");
  const auto& words = point ? plant.point(*point).words : std::vector<std::string>{};
  const auto found = std::ranges::find(words, word);
  if (found != words.end()) return static_cast<int>(found - words.begin());
  place.problem(fmt::format("'{}' is no word of the point 'status' of this device", word));
  return std::nullopt;
}

CommandSpec read_command(const JsonCursor& place, const Plant& plant, const DeviceSpec& device) {
  constexpr double any = std::numeric_limits<double>::max();
  place.allow_only({"name", "tag", "write", "low", "high", "unit", "leads_to"});
  CommandSpec command;
  command.name = place.at("name").text();
  command.tag = place.at("tag").text();
  command.kind = read_kind(place.at("write"));
  if (command.name.empty()) place.problem("a command needs a name");
  if (const auto unit = place.find("unit")) command.unit = unit->text();
  if (const auto word = place.find("leads_to"))
    command.leads_to = read_leads_to(*word, plant, device);
  if (command.kind != CommandKind::number) return command;
  command.low = place.at("low").number(-any, any);
  command.high = place.at("high").number(-any, any);
  if (command.low >= command.high) place.problem("'low' must be below 'high'");
  return command;
}

std::vector<CommandSpec> read_commands(const JsonCursor& list, const Plant& plant,
                                       const DeviceSpec& device) {
  std::vector<CommandSpec> commands;
  for (const auto& place : list.items()) {
    CommandSpec command = read_command(place, plant, device);
    if (std::ranges::find(commands, command.name, &CommandSpec::name) != commands.end())
      place.problem(fmt::format("command '{}' stands twice", command.name));
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace

Result<CommandTable> parse_commands(std::string text, const std::string& file_name,
                                    const Plant& plant) {
  auto document = JsonDocument::parse(std::move(text), file_name);
  if (!document) return std::unexpected(document.error());
  CommandTable table;
  for (const auto& place : (*document)->root().at("devices").items()) {
    if (table.size() == plant.devices.size()) break;  // Another text than that of the plant.
    const DeviceSpec& device = plant.devices[table.size()];
    const auto list = place.find("commands");
    table.push_back(list ? read_commands(*list, plant, device) : std::vector<CommandSpec>{});
  }
  if (auto verdict = (*document)->verdict(); !verdict) return std::unexpected(verdict.error());
  table.resize(plant.devices.size());
  return table;
}

}  // namespace wl
