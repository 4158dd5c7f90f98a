// FOR, WHILE, REPEAT, and the watchdog that can end each of them.
//
// A poll on every back edge would keep LLVM from vectorising, so counted loops poll once in
// `chunk` rounds and loops that are short for certain do not poll at all.
#include "plc/codegen/emit/function_emitter.hpp"
#include "plc/codegen/emit/scalars.hpp"
#include "plc/codegen/emit/walk.hpp"
#include "plc/codegen/support/run_context.hpp"

namespace wl::plc::emit {

using lang::Expr;
using lang::Variable;
using lang::VariableClass;

namespace {

/// Rounds, nested ones multiplied, that may pass without a poll: some microseconds.
constexpr std::uint64_t max_unpolled_rounds = 4096;
/// Rounds between two polls of a counted loop whose body runs no loop of another POU.
constexpr std::uint64_t chunk = 1024;

/// Is the control variable of a FOR changed by its body?
class ControlChange : public Visitor {
 public:
  explicit ControlChange(const Variable& control) : control_(control) {}

  void on_statement(const lang::Stmt& statement) override {
    if (const auto* assignment = std::get_if<lang::Assign>(&statement.node))
      found |= hits(*assignment->target);
    if (const auto* loop = std::get_if<lang::For>(&statement.node)) found |= hits(*loop->control);
    if (const auto* call = std::get_if<lang::InstanceCall>(&statement.node))
      passes(call->arguments);
  }
  void on_expression(const Expr& expression) override {
    if (const auto* call = std::get_if<lang::FunctionCall>(&expression.node))
      passes(call->arguments);
  }

  bool found = false;
  bool calls = false;

 private:
  bool hits(const Expr& place) const { return root_variable(place) == &control_; }
  void passes(const lang::CallArguments& arguments) {
    calls = true;
    for (const lang::ReferencePass& reference : arguments.references)
      found |= hits(*reference.place);
    for (const lang::OutputCopy& output : arguments.outputs) found |= hits(*output.target);
  }

  const Variable& control_;
};

/// Finds calls of POUs that loop themselves.
class LoopingCalls : public Visitor {
 public:
  explicit LoopingCalls(ModuleEmitter& module) : module_(module) {}
  void on_statement(const lang::Stmt& statement) override {
    if (const auto* call = std::get_if<lang::InstanceCall>(&statement.node))
      found = found || module_.has_loops(*call->pou);
  }
  void on_expression(const Expr& expression) override {
    if (const auto* call = std::get_if<lang::FunctionCall>(&expression.node))
      found = found || module_.has_loops(*call->function);
  }

  bool found = false;

 private:
  ModuleEmitter& module_;
};

}  // namespace

bool FunctionEmitter::keeps_control(const lang::For& node) {
  const auto* name = std::get_if<lang::VariableRef>(&node.control->node);
  if (name == nullptr) return false;
  const Variable& variable = *name->variable;
  if (variable.owner != &pou_ || variable.storage == VariableClass::in_out) return false;
  ControlChange change(variable);
  walk(node.body, change);
  // A called POU reaches this variable only by its qualified name or, as an input, through the
  // instance.
  const bool reachable =
      module_.is_named_elsewhere(variable) ||
      (variable.storage == VariableClass::input && pou_.kind != lang::PouKind::function);
  return !change.found && !(change.calls && reachable);
}

bool FunctionEmitter::runs_loops(const lang::Block& body) {
  LoopingCalls calls(module_);
  walk(body, calls);
  return calls.found;
}

void FunctionEmitter::poll_watchdog(lang::Span span) {
  llvm::LoadInst* address = builder_.CreateLoad(pointer(), offset(run_, support::abort_offset));
  address->setMetadata(llvm::LLVMContext::MD_invariant_load,
                       llvm::MDNode::get(module_.context(), {}));
  // Volatile: another thread writes it. Not atomic, which would stop LLVM from keeping variables
  // in registers across the poll; an aligned 32-bit load is one anyway.
  llvm::Value* abort = builder_.CreateLoad(builder_.getInt32Ty(), address, true);
  check(builder_.CreateIsNull(abort), site(ScanFault::Kind::watchdog, span), builder_.getInt64(0));
}

void FunctionEmitter::loop_body(const lang::Block& body, llvm::BasicBlock* next,
                                llvm::BasicBlock* exit) {
  loops_.push_back({next, exit});
  block(body);
  loops_.pop_back();
  builder_.CreateBr(next);
  builder_.SetInsertPoint(next);
}

void FunctionEmitter::emit_while(const lang::While& node, lang::Span span) {
  llvm::BasicBlock* head = new_block("while");
  llvm::BasicBlock* body = new_block("body");
  llvm::BasicBlock* next = new_block("next");
  llvm::BasicBlock* exit = new_block("end_while");
  builder_.CreateBr(head);
  builder_.SetInsertPoint(head);
  builder_.CreateCondBr(value(*node.condition), body, exit);
  builder_.SetInsertPoint(body);
  loop_body(node.body, next, exit);
  poll_watchdog(span);
  builder_.CreateBr(head);
  builder_.SetInsertPoint(exit);
}

void FunctionEmitter::emit_repeat(const lang::Repeat& node, lang::Span span) {
  llvm::BasicBlock* body = new_block("repeat");
  llvm::BasicBlock* next = new_block("until");
  llvm::BasicBlock* again = new_block("again");
  llvm::BasicBlock* exit = new_block("end_repeat");
  builder_.CreateBr(body);
  builder_.SetInsertPoint(body);
  loop_body(node.body, next, exit);
  builder_.CreateCondBr(value(*node.until), exit, again);
  builder_.SetInsertPoint(again);
  poll_watchdog(span);
  builder_.CreateBr(body);
  builder_.SetInsertPoint(exit);
}

/// A FOR whose rounds can be counted before it starts.
struct FunctionEmitter::Counted {
  Place control;
  llvm::Value* from = nullptr;
  llvm::Value* last = nullptr;  ///< Number of the last round, counted from 0; 64 bits.
  llvm::Value* step = nullptr;
  llvm::BasicBlock* exit = nullptr;
};

void FunctionEmitter::emit_for(const lang::For& node, lang::Span span) {
  const auto* literal_step = node.by ? std::get_if<lang::Literal>(&node.by->node) : nullptr;
  const std::int64_t step = literal_step ? literal_step->value.integer() : (node.by ? 0 : 1);
  if (step == 0 || !keeps_control(node)) return emit_tested(node, step, span);

  const bool with_sign = is_signed(node.control->type->kind);
  const bool up = step > 0 || !with_sign;
  Counted loop;
  loop.control = place(*node.control);
  loop.from = value(*node.from);
  llvm::Value* to = value(*node.to);
  store(loop.control, loop.from);

  llvm::BasicBlock* begin = new_block("for");
  loop.exit = new_block("end_for");
  llvm::Value* low = up ? loop.from : to;
  llvm::Value* high = up ? to : loop.from;
  builder_.CreateCondBr(
      with_sign ? builder_.CreateICmpSLE(low, high) : builder_.CreateICmpULE(low, high), begin,
      loop.exit);
  builder_.SetInsertPoint(begin);
  // The distance is right as an unsigned number even where the signed one would overflow.
  const auto bits = static_cast<std::uint64_t>(step);
  llvm::Value* distance = builder_.CreateZExt(builder_.CreateSub(high, low), builder_.getInt64Ty());
  loop.last = builder_.CreateUDiv(distance, builder_.getInt64(up ? bits : 0 - bits));
  loop.step = llvm::ConstantInt::get(loop.from->getType(), bits);
  emit_counted(loop, node, span);
  builder_.SetInsertPoint(loop.exit);
}

void FunctionEmitter::emit_counted(const Counted& loop, const lang::For& node, lang::Span span) {
  const auto* known = llvm::dyn_cast<llvm::ConstantInt>(loop.last);
  const bool looping_calls = runs_loops(node.body);
  const std::uint64_t outer_rounds = unpolled_rounds_;
  const bool polled = looping_calls || known == nullptr ||
                      known->getZExtValue() >= max_unpolled_rounds / outer_rounds;
  unpolled_rounds_ = polled ? 1 : outer_rounds * (known->getZExtValue() + 1);

  // Outer loop over chunks; without polls it runs once and LLVM removes it.
  llvm::Value* const zero = builder_.getInt64(0);
  llvm::BasicBlock* before = builder_.GetInsertBlock();
  llvm::BasicBlock* part = new_block("part");
  llvm::BasicBlock* head = new_block("round");
  llvm::BasicBlock* next = new_block("next");
  llvm::BasicBlock* part_end = new_block("part_end");
  llvm::BasicBlock* again = new_block("again");
  builder_.CreateBr(part);
  builder_.SetInsertPoint(part);
  llvm::PHINode* first = builder_.CreatePHI(builder_.getInt64Ty(), 2);
  llvm::PHINode* begin = builder_.CreatePHI(loop.from->getType(), 2);
  first->addIncoming(zero, before);
  begin->addIncoming(loop.from, before);
  llvm::Value* last = loop.last;
  if (polled) {
    llvm::Value* const rounds = builder_.getInt64(looping_calls ? 0 : chunk - 1);
    llvm::Value* left = builder_.CreateSub(loop.last, first);
    last = builder_.CreateSelect(builder_.CreateICmpULE(left, rounds), loop.last,
                                 builder_.CreateAdd(first, rounds));
  }
  builder_.CreateBr(head);

  builder_.SetInsertPoint(head);
  llvm::PHINode* round = builder_.CreatePHI(builder_.getInt64Ty(), 2);
  llvm::PHINode* control = builder_.CreatePHI(loop.from->getType(), 2);
  round->addIncoming(first, part);
  control->addIncoming(begin, part);
  store(loop.control, control);
  loop_body(node.body, next, loop.exit);
  llvm::Value* stepped = builder_.CreateAdd(control, loop.step);
  llvm::Value* following = builder_.CreateAdd(round, builder_.getInt64(1));
  round->addIncoming(following, next);
  control->addIncoming(stepped, next);
  builder_.CreateCondBr(builder_.CreateICmpEQ(round, last), part_end, head);

  builder_.SetInsertPoint(part_end);
  store(loop.control, stepped);
  builder_.CreateCondBr(builder_.CreateICmpEQ(last, loop.last), loop.exit, again);
  builder_.SetInsertPoint(again);
  if (polled) poll_watchdog(span);
  first->addIncoming(following, builder_.GetInsertBlock());
  begin->addIncoming(stepped, builder_.GetInsertBlock());
  builder_.CreateBr(part);
  unpolled_rounds_ = outer_rounds;
}

void FunctionEmitter::emit_tested(const lang::For& node, std::int64_t known_step, lang::Span span) {
  const bool with_sign = is_signed(node.control->type->kind);
  const bool narrow = lang::bit_width(node.control->type->kind) <= 32;
  // One size wider than the type, so the test cannot overflow.
  llvm::Type* const wide = narrow ? builder_.getInt64Ty() : builder_.getInt128Ty();
  const auto widen = [&](llvm::Value* number) {
    return builder_.CreateIntCast(number, wide, with_sign);
  };
  const Place control = place(*node.control);
  llvm::Value* start = value(*node.from);
  llvm::Value* to = widen(value(*node.to));
  llvm::Value* step = node.by ? widen(value(*node.by)) : llvm::ConstantInt::get(wide, 1);
  store(control, start);
  llvm::Value* from = widen(start);

  llvm::BasicBlock* before = builder_.GetInsertBlock();
  llvm::BasicBlock* head = new_block("for");
  llvm::BasicBlock* body = new_block("body");
  llvm::BasicBlock* next = new_block("next");
  llvm::BasicBlock* exit = new_block("end_for");
  builder_.CreateBr(head);
  builder_.SetInsertPoint(head);
  llvm::PHINode* at = builder_.CreatePHI(wide, 2);
  at->addIncoming(from, before);
  llvm::Value* const zero = llvm::ConstantInt::get(wide, 0);
  llvm::Value* goes_on =
      builder_.CreateSelect(builder_.CreateICmpSLT(step, zero), builder_.CreateICmpSGE(at, to),
                            builder_.CreateICmpSLE(at, to));
  if (known_step == 0)  // Only a step known at run time can be 0: then no end but EXIT.
    goes_on = builder_.CreateOr(goes_on, builder_.CreateICmpEQ(step, zero));
  builder_.CreateCondBr(goes_on, body, exit);

  builder_.SetInsertPoint(body);
  const std::uint64_t outer_rounds = std::exchange(unpolled_rounds_, 1);
  loop_body(node.body, next, exit);
  unpolled_rounds_ = outer_rounds;
  llvm::Value* following = builder_.CreateAdd(widen(load(control)), step);
  store(control, builder_.CreateTrunc(following, start->getType()));
  poll_watchdog(span);
  at->addIncoming(following, builder_.GetInsertBlock());
  builder_.CreateBr(head);
  builder_.SetInsertPoint(exit);
}

}  // namespace wl::plc::emit
