#include "plc/codegen/emit/function_emitter.hpp"
#include "plc/codegen/emit/scalars.hpp"

namespace wl::plc::emit {

using lang::Stmt;

namespace {

/// Ranges up to this length become entries of a jump table; longer ones are compared.
constexpr std::uint64_t max_table_range = 64;

bool fits_table(const lang::CaseRange& range) {
  return static_cast<std::uint64_t>(range.high) - static_cast<std::uint64_t>(range.low) <
         max_table_range;
}

}  // namespace

void FunctionEmitter::block(const lang::Block& statements) {
  for (const Stmt& next : statements) {
    const std::size_t keep = in_use_.size();
    statement(next);
    release_temporaries(keep);
  }
}

void FunctionEmitter::statement(const Stmt& statement) {
  const auto& node = statement.node;
  const auto leave = [this](llvm::BasicBlock* to) {
    builder_.CreateBr(to);
    builder_.SetInsertPoint(new_block("unreached"));
  };
  if (const auto* assignment = std::get_if<lang::Assign>(&node)) {
    llvm::Value* assigned = value(*assignment->value);
    assign(*assignment->target, assigned);
  } else if (const auto* call = std::get_if<lang::InstanceCall>(&node)) {
    call_instance(*call);
  } else if (const auto* evaluated = std::get_if<lang::Evaluate>(&node)) {
    // Its type may be null, so not by value().
    if (const auto* function = std::get_if<lang::FunctionCall>(&evaluated->call->node)) {
      call_function(*function);
    } else {
      value(*evaluated->call);
    }
  } else if (const auto* branches = std::get_if<lang::If>(&node)) {
    emit_if(*branches);
  } else if (const auto* choice = std::get_if<lang::Case>(&node)) {
    emit_case(*choice);
  } else if (const auto* counted = std::get_if<lang::For>(&node)) {
    emit_for(*counted, statement.span);
  } else if (const auto* head_tested = std::get_if<lang::While>(&node)) {
    emit_while(*head_tested, statement.span);
  } else if (const auto* foot_tested = std::get_if<lang::Repeat>(&node)) {
    emit_repeat(*foot_tested, statement.span);
  } else if (std::holds_alternative<lang::Exit>(node)) {
    leave(loops_.back().exit);
  } else if (std::holds_alternative<lang::Continue>(node)) {
    leave(loops_.back().next);
  } else {
    leave(exit_);
  }
}

void FunctionEmitter::emit_if(const lang::If& node) {
  llvm::BasicBlock* end = new_block("end_if");
  for (const lang::IfBranch& branch : node.branches) {
    llvm::BasicBlock* then = new_block("then");
    llvm::BasicBlock* otherwise = new_block("else");
    builder_.CreateCondBr(value(*branch.condition), then, otherwise);
    builder_.SetInsertPoint(then);
    block(branch.body);
    builder_.CreateBr(end);
    builder_.SetInsertPoint(otherwise);
  }
  block(node.otherwise);
  builder_.CreateBr(end);
  builder_.SetInsertPoint(end);
}

void FunctionEmitter::emit_case(const lang::Case& node) {
  const lang::Type& type = *node.selector->type;
  llvm::Value* selector = value(*node.selector);
  auto* const integer = llvm::cast<llvm::IntegerType>(selector->getType());
  llvm::BasicBlock* end = new_block("end_case");
  llvm::BasicBlock* ranges = new_block("ranges");
  llvm::SwitchInst* table = builder_.CreateSwitch(selector, ranges);

  std::vector<llvm::BasicBlock*> bodies;
  for (const lang::CaseBranch& branch : node.branches) {
    bodies.push_back(new_block("case"));
    for (const lang::CaseRange& range : branch.labels)
      for (std::int64_t i = 0; fits_table(range) && i <= range.high - range.low; ++i)
        table->addCase(llvm::ConstantInt::get(integer, static_cast<std::uint64_t>(range.low + i)),
                       bodies.back());
    builder_.SetInsertPoint(ranges);
    if (llvm::Value* hit = in_ranges(selector, type, branch); hit != nullptr) {
      ranges = new_block("ranges");
      builder_.CreateCondBr(hit, bodies.back(), ranges);
    }
  }
  builder_.SetInsertPoint(ranges);
  block(node.otherwise);
  builder_.CreateBr(end);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    builder_.SetInsertPoint(bodies[i]);
    block(node.branches[i].body);
    builder_.CreateBr(end);
  }
  builder_.SetInsertPoint(end);
}

llvm::Value* FunctionEmitter::in_ranges(llvm::Value* selector, const lang::Type& type,
                                        const lang::CaseBranch& branch) {
  llvm::Value* hit = nullptr;
  const bool with_sign = is_signed(type.kind);
  for (const lang::CaseRange& range : branch.labels) {
    if (fits_table(range)) continue;
    const auto constant = [&](std::int64_t value) {
      return llvm::ConstantInt::get(selector->getType(), static_cast<std::uint64_t>(value));
    };
    llvm::Value* above = with_sign ? builder_.CreateICmpSGE(selector, constant(range.low))
                                   : builder_.CreateICmpUGE(selector, constant(range.low));
    llvm::Value* below = with_sign ? builder_.CreateICmpSLE(selector, constant(range.high))
                                   : builder_.CreateICmpULE(selector, constant(range.high));
    llvm::Value* inside = builder_.CreateAnd(above, below);
    hit = hit == nullptr ? inside : builder_.CreateOr(hit, inside);
  }
  return hit;
}

}  // namespace wl::plc::emit
