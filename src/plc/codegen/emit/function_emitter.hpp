// The body of one POU as LLVM IR. Split by subject:
//   function_emitter.cpp  frame, variables, temporaries, faults
//   places.cpp            addresses, loads and stores
//   expressions.cpp       values, operators, conversions to and from STRING
//   builtins.cpp          the functions that the language brings along
//   calls.cpp             functions, function blocks, programs
//   statements.cpp        assignment, IF, CASE; loops.cpp: FOR, WHILE, REPEAT, watchdog
#pragma once

#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "plc/codegen/emit/alias_scopes.hpp"
#include "plc/codegen/emit/module_emitter.hpp"
#include "plc/lang/check/checked_program.hpp"

namespace wl::plc::emit {

/// Memory of a known type.
struct Place {
  llvm::Value* address = nullptr;
  const lang::Type* type = nullptr;
  Access access;
};

class FunctionEmitter {
 public:
  FunctionEmitter(ModuleEmitter& module, const lang::Pou& pou, llvm::Function& function);

  /// Emits everything; returns the bytes of its frame before optimisation.
  std::uint64_t emit();

 private:
  using Predicate = llvm::CmpInst::Predicate;
  using Arguments = llvm::ArrayRef<llvm::Value*>;

  // --- function_emitter.cpp
  void emit_prologue();
  void emit_epilogue();
  void bind_parameter(const lang::Variable& variable, llvm::Argument& argument);
  void bind_frame_variable(const lang::Variable& variable);
  void bind_instance();
  void initialize(const lang::Variable& variable, llvm::Value* address);
  llvm::AllocaInst* frame_bytes(std::uint64_t size, std::uint32_t alignment);
  /// Reused after the statement that asked for it.
  llvm::Value* temporary(std::uint64_t size);
  llvm::Value* temporary(const lang::Type& type);
  void release_temporaries(std::size_t keep);
  llvm::BasicBlock* new_block(const char* name);
  /// Goes on in a new block when `ok`, else ends the run.
  void check(llvm::Value* ok, FaultSite site, llvm::Value* value);
  FaultSite site(ScanFault::Kind kind, lang::Span span) const;
  void raise(FaultSite site, llvm::Value* value);
  llvm::Value* offset(llvm::Value* base, std::uint64_t bytes);
  llvm::Type* pointer() { return builder_.getPtrTy(); }
  std::uint64_t size_of(const lang::Type& type) { return module_.layout().of_type(type).size; }

  // --- places.cpp
  Place place(const lang::Expr& expression);
  Place variable_place(const lang::Variable& variable);
  Place field_place(const lang::FieldRef& field, const lang::Type& type);
  Place index_place(const lang::IndexRef& index, const lang::Type& type);
  llvm::Value* load(const Place& from);
  /// Stores a scalar, cuts a string, copies the rest. `value` as from value().
  void store(const Place& to, llvm::Value* value);
  void assign(const lang::Expr& target, llvm::Value* value);
  void assign_bit(const lang::BitRef& target, llvm::Value* value);
  void note(llvm::Instruction* instruction, const Place& at);

  // --- expressions.cpp
  /// A scalar in a register; of anything else the address, valid until the statement ends.
  llvm::Value* value(const lang::Expr& expression);
  llvm::Value* literal(const lang::Type& type, const lang::Value& constant);
  llvm::Value* bit(const lang::BitRef& node);
  llvm::Value* convert(const lang::Expr& operand, const lang::Type& to);
  llvm::Value* to_string(llvm::Value* value, const lang::Type& from, const lang::Type& to);
  llvm::Value* from_string(llvm::Value* text, const lang::Type& to);
  llvm::Value* unary(const lang::Unary& node);
  llvm::Value* binary(const lang::Expr& expression, const lang::Binary& node);
  llvm::Value* short_circuit(const lang::Binary& node);
  llvm::Value* compare(const lang::Binary& node);
  llvm::Value* compare_values(lang::BinaryOp op, const lang::Type& type, llvm::Value* left,
                              llvm::Value* right);
  llvm::Value* arithmetic(const lang::Expr& expression, const lang::Binary& node);
  llvm::Value* integer_quotient(const lang::Expr& expression, const lang::Binary& node);
  llvm::Value* scale_time(const lang::Expr& expression, const lang::Binary& node);
  /// A function of support/: `out, capacity, arguments…` → temporary of type `result`.
  llvm::Value* call_string(const char* name, const lang::Type& result, Arguments arguments);
  llvm::Value* call_runtime(const char* name, llvm::Type* result, Arguments arguments);

  // --- builtins.cpp
  llvm::Value* builtin(const lang::Expr& expression, const lang::BuiltinCall& call);
  llvm::Value* builtin_string(const lang::Expr& expression, const lang::BuiltinCall& call,
                              Arguments arguments);
  llvm::Value* builtin_real(const lang::BuiltinCall& call, Arguments arguments);
  llvm::Value* absolute(const lang::Type& type, llvm::Value* value);
  llvm::Value* lesser_or_greater(lang::BinaryOp op, const lang::Type& type, Arguments arguments);
  llvm::Value* multiplex(Arguments arguments);
  llvm::Value* shift(const lang::BuiltinCall& call, const lang::Type& type, Arguments arguments);
  llvm::Value* concat(const lang::Type& type, Arguments arguments);
  llvm::Value* scan_time(std::uint64_t offset, llvm::Type* type);

  // --- calls.cpp
  llvm::Value* call_function(const lang::FunctionCall& call);
  void call_instance(const lang::InstanceCall& call);
  void copy_outputs(const lang::CallArguments& arguments);
  llvm::Value* called_output(const lang::CalledOutput& output);

  // --- statements.cpp, loops.cpp
  void block(const lang::Block& statements);
  void statement(const lang::Stmt& statement);
  void emit_if(const lang::If& node);
  void emit_case(const lang::Case& node);
  llvm::Value* in_ranges(llvm::Value* selector, const lang::Type& type,
                         const lang::CaseBranch& branch);
  void emit_while(const lang::While& node, lang::Span span);
  void emit_repeat(const lang::Repeat& node, lang::Span span);
  void emit_for(const lang::For& node, lang::Span span);
  struct Counted;
  void emit_counted(const Counted& loop, const lang::For& node, lang::Span span);
  void emit_tested(const lang::For& node, std::int64_t known_step, lang::Span span);
  void poll_watchdog(lang::Span span);
  void loop_body(const lang::Block& body, llvm::BasicBlock* next, llvm::BasicBlock* exit);
  bool keeps_control(const lang::For& node);
  bool runs_loops(const lang::Block& body);

  struct Loop {
    llvm::BasicBlock* next;
    llvm::BasicBlock* exit;
  };
  struct Temporary {
    llvm::Value* memory;
    std::uint64_t size;
  };

  ModuleEmitter& module_;
  const lang::Pou& pou_;
  llvm::Function& function_;
  Builder builder_;
  llvm::Value* run_ = nullptr;       ///< RunContext.
  llvm::Value* state_ = nullptr;     ///< The state block.
  llvm::Value* instance_ = nullptr;  ///< Of the block or program.
  llvm::Value* result_ = nullptr;    ///< Of a function, in memory.
  llvm::BasicBlock* exit_ = nullptr;
  std::unordered_map<const lang::Variable*, llvm::Value*> addresses_;
  std::vector<Loop> loops_;
  std::uint64_t unpolled_rounds_ = 1;  ///< Product of the enclosing small counted loops.
  std::vector<Temporary> in_use_;
  std::multimap<std::uint64_t, llvm::Value*> spare_;
  std::uint64_t frame_size_ = 0;
  /// Outputs of the call whose OutputCopy list is being emitted, by variable index.
  std::map<std::uint32_t, Place> called_outputs_;
  AliasScopes aliases_;
};

}  // namespace wl::plc::emit
