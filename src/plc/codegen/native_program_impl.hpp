// Inside of NativeProgram, filled by Compiler.
#pragma once

#include <memory>
#include <vector>

#include "plc/codegen/jit/machine_code.hpp"
#include "plc/codegen/native_program.hpp"

namespace wl::plc {

class NativeProgram::Impl {
 public:
  std::vector<TaskSpec> tasks;
  std::vector<Symbol> symbols;
  std::vector<std::byte> image;  ///< The state block with all initial values.
  std::unique_ptr<jit::MachineCode> code;
};

}  // namespace wl::plc
