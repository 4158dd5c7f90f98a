// An OPC UA server on a free port with the tags of RunningServer's commands.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "opcua/server.hpp"

namespace wl::web::testing {

/// `C.D.G.Start` leads the state `C.D.G.S` from 0 to 1 when it is obedient; `C.D.G.Halt` and
/// `C.D.G.Speed` keep what is written.
class Controller {
 public:
  Controller();

  std::string url() const { return "opc.tcp://127.0.0.1:" + std::to_string(port_); }
  /// All tags, at rest, with this quality.
  void show(Quality quality);
  /// From now on each write is answered so.
  void answer_with(Quality quality) { answer_ = quality; }
  /// A start is taken and has no effect: the line is in fault.
  void ignore_start() { obedient_ = false; }
  int writes() const { return writes_; }

 private:
  opcua::VariableId add(const std::string& name, DataType type);
  Quality take(opcua::VariableId variable, const Value& value);

  const std::uint16_t port_;
  std::atomic<Quality> answer_ = quality::good;
  std::atomic<bool> obedient_ = true;
  std::atomic<int> writes_ = 0;
  opcua::Server server_;  // After what its thread uses.
  opcua::VariableId start_;
  opcua::VariableId halt_;
  opcua::VariableId speed_;
  opcua::VariableId state_;
};

}  // namespace wl::web::testing
