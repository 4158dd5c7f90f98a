// Commands to the line as a client sends them and as they are answered.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "model/command_spec.hpp"
#include "model/plant.hpp"
#include "opcua/confirmed_write.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// What the devices of a plant can be told.
struct CommandablePlant {
  const Plant& plant;
  const CommandTable& commands;

  const std::vector<CommandSpec>& of(DeviceId device) const { return commands.at(device.value); }
};

/// A command of a device, with the number that it takes.
struct LineCommand {
  DeviceId device;
  CommandSpec spec;
  std::optional<double> value;

  /// Carried out whatever else goes on.
  bool is_emergency() const { return spec.name == emergency_stop_command; }
};

/// {"command":"start"}, {"command":"set_speed","value":1.5}. Refuses what the device does not take,
/// a number out of its range, and members that are not known.
std::expected<LineCommand, Problem> parse_command(std::string_view body,
                                                  const CommandablePlant& plant, DeviceId device);

/// What is written for it, and what proves it.
opcua::ConfirmedWrite write_of(const LineCommand& command, const Plant& plant);

/// The answer to one that was proven, and a problem for one that was not.
Response command_response(const LineCommand& command, const opcua::WriteReport& report,
                          const Plant& plant, Language language);
/// Nothing was written.
Problem command_refused(const Error& error);

/// For the audit log: what was before, and what came of it.
std::string audit_before(const LineCommand& command, const opcua::WriteReport& report,
                         const Plant& plant);
std::string audit_after(const LineCommand& command, const opcua::WriteReport& report,
                        const Plant& plant);
std::string audit_refused(const Error& error);
/// Of the intent: the number, when the command takes one.
std::string audit_ordered(const LineCommand& command);

/// The commands of a device with their ranges.
std::string commands_json(const CommandablePlant& plant, DeviceId device);

}  // namespace wl::web
