// What a device can be told to do, and how that is written: `commands` of a device in plant.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/plant.hpp"

namespace wl {

enum class CommandKind {
  edge,    ///< TRUE is written; the controller acts on it and clears it.
  on,      ///< TRUE is written and stays: a state.
  off,     ///< FALSE is written and stays.
  number,  ///< A number in [low, high] is written and stays.
};

/// One command of a device.
struct CommandSpec {
  std::string name;  ///< `start`; unique in its device.
  std::string tag;   ///< Gateway tag that takes it, read and write.
  CommandKind kind = CommandKind::edge;
  double low = 0;  ///< Of a number.
  double high = 0;
  std::string unit;  ///< Of a number; may be empty.
  /// The code of the device's point `status` to which the command leads; nothing: to none.
  std::optional<int> leads_to;

  bool operator==(const CommandSpec&) const = default;
};

/// The one command that is carried out whatever else goes on: nothing that can be left out stands
/// before it.
inline constexpr const char* emergency_stop_command = "emergency_stop";

/// By DeviceId; mostly empty. Who only watches the plant needs no word of it.
using CommandTable = std::vector<std::vector<CommandSpec>>;

/// Reads the commands of plant.json; `plant` is what parse_plant() made of the same text. The error
/// lists every mistake as `file:line: path: reason`.
Result<CommandTable> parse_commands(std::string text, const std::string& file_name,
                                    const Plant& plant);

}  // namespace wl
