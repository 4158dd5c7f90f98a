// One application as one LLVM module.
//
// Every function is `f(context, state, …)`: the RunContext and the state block, then
//  - function block, program: the instance (function block only), each VAR_IN_OUT by address
//  - function: the address of an aggregate result; each input (scalars by value, the rest by
//    address), VAR_IN_OUT and output (by address) in declaration order
// Aggregates are structures, arrays and strings. Programs are visible as program_symbol().
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plc/codegen/emit/fault_site.hpp"
#include "plc/codegen/emit/llvm.hpp"
#include "plc/codegen/emit/separate_references.hpp"
#include "plc/codegen/layout/state_layout.hpp"

namespace wl::plc::emit {

/// Frames of a call chain may need at most this much stack together; more is refused.
inline constexpr std::uint64_t max_stack_bytes = 1U << 20;

std::string program_symbol(const std::string& program);

class ModuleEmitter {
 public:
  /// All must outlive the emitter.
  ModuleEmitter(llvm::Module& module, const lang::CheckedProgram& program,
                layout::StateLayout& layout);

  /// Emits every program and what it calls. `invalid_argument` above max_stack_bytes.
  Result<std::vector<FaultSite>> emit();

  llvm::Module& module() { return module_; }
  llvm::LLVMContext& context() { return module_.getContext(); }
  layout::StateLayout& layout() { return layout_; }
  const SeparateReferences& references() const { return references_; }
  const std::string& file_name(lang::FileId id) const { return program_.files.at(id); }

  /// Declares it at the first call and has its body emitted later.
  llvm::Function* function_of(const lang::Pou& pou);
  /// An entry point of support/entry_points.hpp.
  llvm::Function* runtime(std::string_view name, llvm::Type* result,
                          llvm::ArrayRef<llvm::Type*> parameters);
  /// `void raise_fault(context, site, value)`, cold, never returns.
  llvm::Function* raise_fault();
  std::uint32_t add_site(FaultSite site);
  /// Read-only bytes.
  llvm::Constant* constant_bytes(std::string_view bytes);
  /// True when a call of `pou` can run a loop.
  bool has_loops(const lang::Pou& pou);
  /// True when another POU than its owner names this variable (`PLC_PRG.x`).
  bool is_named_elsewhere(const lang::Variable& variable) const {
    return named_elsewhere_.contains(&variable);
  }
  llvm::MDNode* alias_domain();

 private:
  Result<void> check_stack();
  std::uint64_t stack_of(const lang::Pou& pou);
  llvm::FunctionType* signature_of(const lang::Pou& pou);

  llvm::Module& module_;
  const lang::CheckedProgram& program_;
  layout::StateLayout& layout_;
  SeparateReferences references_;
  std::unordered_set<const lang::Variable*> named_elsewhere_;
  std::vector<FaultSite> sites_;
  std::unordered_map<const lang::Pou*, llvm::Function*> functions_;
  std::vector<const lang::Pou*> queue_;
  std::unordered_map<const lang::Pou*, bool> loops_;
  std::unordered_map<const lang::Pou*, std::uint64_t> frames_;  ///< Own bytes.
  std::unordered_map<const lang::Pou*, std::uint64_t> stacks_;  ///< With callees.
  std::map<std::string, llvm::Constant*, std::less<>> bytes_;
};

}  // namespace wl::plc::emit
