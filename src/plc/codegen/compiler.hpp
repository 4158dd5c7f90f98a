// The door of this room: a checked application in, native code out.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "plc/codegen/native_program.hpp"
#include "plc/lang/check/checked_program.hpp"

namespace wl::plc {

enum class Optimization {
  none,          ///< Compiles fastest, runs about five times slower. For tests.
  fast_compile,  ///< For online change while the plant runs.
  full,          ///< For the start.
};

struct CompileOptions {
  Optimization optimization = Optimization::full;
};

/// Stateless. Takes 0.1 to 0.5 s for 1,000 lines and up to 100 MB while it runs; may be called in
/// any thread, also while another program runs, but never in the scan thread.
class Compiler {
 public:
  /// `program` has no errors and tasks whose programs have no VAR_IN_OUT; it is not needed
  /// afterwards. `invalid_argument` when it exceeds a limit of the state, the symbols or the
  /// stack; `unavailable` when LLVM refuses this machine.
  static Result<std::unique_ptr<NativeProgram>> compile(const lang::CheckedProgram& program,
                                                        const CompileOptions& options = {});
};

}  // namespace wl::plc
