// plc_program/ as native code.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "plc/codegen/native_program.hpp"

namespace wl {

struct Application {
  std::unique_ptr<plc::NativeProgram> native;
  std::size_t pous = 0;     ///< Of the user; the standard library is not counted.
  std::string diagnostics;  ///< Warnings for the user, rendered; may be empty.
};

/// Reads, checks and compiles the folder. The error is what the user is shown: each mistake with
/// file:line:col, the source line and a caret. Memory of the compiler is given back.
Result<Application> compile_application(const std::filesystem::path& folder);

}  // namespace wl
