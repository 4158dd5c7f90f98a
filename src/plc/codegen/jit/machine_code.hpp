// From the checked tree to callable machine code of this CPU. No LLVM type is visible here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plc/codegen/compiler.hpp"
#include "plc/codegen/emit/fault_site.hpp"
#include "plc/codegen/layout/state_layout.hpp"
#include "plc/codegen/support/run_context.hpp"

namespace wl::plc::jit {

/// Runs one program once. Ends normally or by support::raise_fault.
using ProgramEntry = void (*)(support::RunContext* run, std::byte* state);

/// Owns executable memory; the entries are valid as long as it lives. Immutable after build.
class MachineCode {
 public:
  /// `invalid_argument`: the application exceeds a limit. `unavailable`: the CPU or the memory of
  /// this machine refuses; the text is LLVM's.
  static Result<std::unique_ptr<MachineCode>> build(const lang::CheckedProgram& program,
                                                    layout::StateLayout& layout,
                                                    Optimization level);
  ~MachineCode();
  MachineCode(const MachineCode&) = delete;

  struct Program {
    std::string name;
    ProgramEntry entry;
  };
  const std::vector<Program>& programs() const { return programs_; }
  const std::vector<emit::FaultSite>& sites() const { return sites_; }

 private:
  struct Engine;
  explicit MachineCode(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;
  std::vector<Program> programs_;
  std::vector<emit::FaultSite> sites_;
};

}  // namespace wl::plc::jit
