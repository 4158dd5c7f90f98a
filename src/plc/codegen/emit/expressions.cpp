#include "plc/codegen/emit/function_emitter.hpp"
#include "plc/codegen/emit/scalars.hpp"

namespace wl::plc::emit {

using lang::BinaryOp;
using lang::Expr;
using lang::Type;
using lang::TypeKind;

namespace {

bool is_text(const Type& type) {
  return type.kind == TypeKind::string;
}

bool is_comparison(BinaryOp op) {
  return op >= BinaryOp::equal;
}

bool is_literal_other_than_zero(const Expr& expression) {
  const auto* literal = std::get_if<lang::Literal>(&expression.node);
  return literal != nullptr && !literal->value.is_default() && literal->value.integer() != 0;
}

llvm::CmpInst::Predicate integer_predicate(BinaryOp op, bool with_sign) {
  using Cmp = llvm::CmpInst;
  switch (op) {
    case BinaryOp::equal:
      return Cmp::ICMP_EQ;
    case BinaryOp::unequal:
      return Cmp::ICMP_NE;
    case BinaryOp::less:
      return with_sign ? Cmp::ICMP_SLT : Cmp::ICMP_ULT;
    case BinaryOp::less_equal:
      return with_sign ? Cmp::ICMP_SLE : Cmp::ICMP_ULE;
    case BinaryOp::greater:
      return with_sign ? Cmp::ICMP_SGT : Cmp::ICMP_UGT;
    default:
      return with_sign ? Cmp::ICMP_SGE : Cmp::ICMP_UGE;
  }
}

/// With a NaN only `<>` is TRUE.
llvm::CmpInst::Predicate real_predicate(BinaryOp op) {
  using Cmp = llvm::CmpInst;
  switch (op) {
    case BinaryOp::equal:
      return Cmp::FCMP_OEQ;
    case BinaryOp::unequal:
      return Cmp::FCMP_UNE;
    case BinaryOp::less:
      return Cmp::FCMP_OLT;
    case BinaryOp::less_equal:
      return Cmp::FCMP_OLE;
    case BinaryOp::greater:
      return Cmp::FCMP_OGT;
    default:
      return Cmp::FCMP_OGE;
  }
}

/// No nsw or nuw: integers of the language wrap.
llvm::Instruction::BinaryOps opcode(BinaryOp op, bool real) {
  using Instruction = llvm::Instruction;
  switch (op) {
    case BinaryOp::add:
      return real ? Instruction::FAdd : Instruction::Add;
    case BinaryOp::sub:
      return real ? Instruction::FSub : Instruction::Sub;
    case BinaryOp::mul:
      return real ? Instruction::FMul : Instruction::Mul;
    case BinaryOp::div:
      return Instruction::FDiv;
    case BinaryOp::and_:
      return Instruction::And;
    case BinaryOp::or_:
      return Instruction::Or;
    default:
      return Instruction::Xor;
  }
}

}  // namespace

llvm::Value* FunctionEmitter::value(const Expr& expression) {
  const Type& type = *expression.type;
  const auto& node = expression.node;
  if (const auto* constant = std::get_if<lang::Literal>(&node))
    return literal(type, constant->value);
  if (const auto* reference = std::get_if<lang::BitRef>(&node)) return bit(*reference);
  if (const auto* conversion = std::get_if<lang::Convert>(&node))
    return convert(*conversion->operand, type);
  if (const auto* operation = std::get_if<lang::Unary>(&node)) return unary(*operation);
  if (const auto* operation = std::get_if<lang::Binary>(&node))
    return binary(expression, *operation);
  if (const auto* call = std::get_if<lang::BuiltinCall>(&node)) return builtin(expression, *call);
  if (const auto* call = std::get_if<lang::FunctionCall>(&node)) return call_function(*call);
  if (const auto* output = std::get_if<lang::CalledOutput>(&node)) return called_output(*output);
  return load(place(expression));
}

llvm::Value* FunctionEmitter::literal(const Type& type, const lang::Value& constant) {
  if (!is_text(type)) return scalar_constant(module_.context(), type, constant);
  std::string bytes = constant.is_default() ? std::string() : constant.text();
  bytes.push_back('\0');
  return module_.constant_bytes(bytes);
}

llvm::Value* FunctionEmitter::bit(const lang::BitRef& node) {
  return builder_.CreateTrunc(builder_.CreateLShr(value(*node.base), node.bit),
                              builder_.getInt1Ty());
}

llvm::Value* FunctionEmitter::convert(const Expr& operand, const Type& to) {
  llvm::Value* from = value(operand);
  if (is_text(*operand.type)) return is_text(to) ? from : from_string(from, to);
  if (is_text(to)) return to_string(from, *operand.type, to);
  return convert_scalar(builder_, from, *operand.type, to);
}

llvm::Value* FunctionEmitter::to_string(llvm::Value* value, const Type& from, const Type& to) {
  if (from.kind == TypeKind::boolean) return call_string("bool_to_string", to, {value});
  if (from.kind == TypeKind::real) return call_string("real_to_string", to, {value});
  if (from.kind == TypeKind::lreal) return call_string("lreal_to_string", to, {value});
  llvm::Type* const wide = builder_.getInt64Ty();
  if (is_signed(from.kind)) {
    const bool duration = from.kind == TypeKind::ltime;
    return call_string(duration ? "ltime_to_string" : "signed_to_string", to,
                       {builder_.CreateSExt(value, wide)});
  }
  const bool duration = from.kind == TypeKind::time;
  return call_string(duration ? "time_to_string" : "unsigned_to_string", to,
                     {builder_.CreateZExt(value, wide)});
}

llvm::Value* FunctionEmitter::from_string(llvm::Value* text, const Type& to) {
  llvm::Type* const wide = builder_.getInt64Ty();
  llvm::Type* const target = scalar_type(module_.context(), to);
  if (to.kind == TypeKind::boolean)
    return call_runtime("string_to_bool", builder_.getInt1Ty(), {text});
  if (lang::is_real(to.kind))
    return builder_.CreateFPCast(call_runtime("string_to_lreal", builder_.getDoubleTy(), {text}),
                                 target);
  if (lang::is_time(to.kind)) {
    llvm::Value* ns = call_runtime("string_to_duration", wide, {text});
    if (to.kind == TypeKind::ltime) return ns;
    return builder_.CreateTrunc(builder_.CreateSDiv(ns, builder_.getInt64(1'000'000)), target);
  }
  llvm::Value* bits = builder_.getInt32(lang::bit_width(to.kind));
  const char* reader = is_signed(to.kind) ? "string_to_signed" : "string_to_unsigned";
  return builder_.CreateTrunc(call_runtime(reader, wide, {text, bits}), target);
}

llvm::Value* FunctionEmitter::unary(const lang::Unary& node) {
  llvm::Value* operand = value(*node.operand);
  if (node.op == lang::UnaryOp::not_) return builder_.CreateNot(operand);
  return lang::is_real(node.operand->type->kind) ? builder_.CreateFNeg(operand)
                                                 : builder_.CreateNeg(operand);
}

llvm::Value* FunctionEmitter::binary(const Expr& expression, const lang::Binary& node) {
  if (node.op == BinaryOp::and_then || node.op == BinaryOp::or_else) return short_circuit(node);
  if (is_comparison(node.op)) return compare(node);
  return arithmetic(expression, node);
}

llvm::Value* FunctionEmitter::short_circuit(const lang::Binary& node) {
  const bool needs_right = node.op == BinaryOp::and_then;
  llvm::Value* left = value(*node.left);
  llvm::BasicBlock* const decided = builder_.GetInsertBlock();
  llvm::BasicBlock* right_block = new_block("right");
  llvm::BasicBlock* end = new_block("decided");
  builder_.CreateCondBr(left, needs_right ? right_block : end, needs_right ? end : right_block);
  builder_.SetInsertPoint(right_block);
  llvm::Value* right = value(*node.right);
  llvm::BasicBlock* const right_end = builder_.GetInsertBlock();
  builder_.CreateBr(end);
  builder_.SetInsertPoint(end);
  llvm::PHINode* result = builder_.CreatePHI(builder_.getInt1Ty(), 2);
  result->addIncoming(builder_.getInt1(!needs_right), decided);
  result->addIncoming(right, right_end);
  return result;
}

llvm::Value* FunctionEmitter::compare(const lang::Binary& node) {
  llvm::Value* left = value(*node.left);
  llvm::Value* right = value(*node.right);
  return compare_values(node.op, *node.left->type, left, right);
}

llvm::Value* FunctionEmitter::compare_values(BinaryOp op, const Type& type, llvm::Value* left,
                                             llvm::Value* right) {
  if (lang::is_real(type.kind)) return builder_.CreateFCmp(real_predicate(op), left, right);
  if (is_text(type)) {
    llvm::Value* order = call_runtime("string_compare", builder_.getInt32Ty(), {left, right});
    return builder_.CreateICmp(integer_predicate(op, true), order, builder_.getInt32(0));
  }
  return builder_.CreateICmp(integer_predicate(op, is_signed(type.kind)), left, right);
}

llvm::Value* FunctionEmitter::arithmetic(const Expr& expression, const lang::Binary& node) {
  const Type& type = *expression.type;
  const bool real = lang::is_real(type.kind);
  if (lang::is_time(type.kind) && node.right->type->kind != type.kind)
    return scale_time(expression, node);
  if (!real && (node.op == BinaryOp::div || node.op == BinaryOp::mod))
    return integer_quotient(expression, node);
  llvm::Value* left = value(*node.left);
  llvm::Value* right = value(*node.right);
  return builder_.CreateBinOp(opcode(node.op, real), left, right);
}

llvm::Value* FunctionEmitter::integer_quotient(const Expr& expression, const lang::Binary& node) {
  llvm::Value* left = value(*node.left);
  llvm::Value* right = value(*node.right);
  if (!is_literal_other_than_zero(*node.right))
    check(builder_.CreateIsNotNull(right), site(ScanFault::Kind::division_by_zero, expression.span),
          builder_.getInt64(0));
  const bool with_sign = is_signed(node.right->type->kind);
  return node.op == BinaryOp::div ? divide(builder_, left, right, with_sign)
                                  : remainder(builder_, left, right, with_sign);
}

llvm::Value* FunctionEmitter::scale_time(const Expr& expression, const lang::Binary& node) {
  const bool with_sign = is_signed(expression.type->kind);
  llvm::Type* const type = scalar_type(module_.context(), *expression.type);
  llvm::Value* time = value(*node.left);
  if (lang::is_real(node.right->type->kind)) {
    llvm::Type* const lreal = builder_.getDoubleTy();
    llvm::Value* wide =
        with_sign ? builder_.CreateSIToFP(time, lreal) : builder_.CreateUIToFP(time, lreal);
    llvm::Value* scaled = builder_.CreateBinOp(opcode(node.op, true), wide, value(*node.right));
    return float_to_integer(builder_, scaled, type, with_sign);
  }
  llvm::Value* wide = builder_.CreateIntCast(time, builder_.getInt64Ty(), with_sign);
  llvm::Value* factor = value(*node.right);
  if (node.op == BinaryOp::mul) return builder_.CreateTrunc(builder_.CreateMul(wide, factor), type);
  if (!is_literal_other_than_zero(*node.right))
    check(builder_.CreateIsNotNull(factor),
          site(ScanFault::Kind::division_by_zero, expression.span), builder_.getInt64(0));
  return builder_.CreateTrunc(divide(builder_, wide, factor, true), type);
}

llvm::Value* FunctionEmitter::call_string(const char* name, const Type& result,
                                          Arguments arguments) {
  llvm::Value* out = temporary(result);
  std::vector<llvm::Value*> all{out, builder_.getInt32(result.capacity)};
  all.insert(all.end(), arguments.begin(), arguments.end());
  call_runtime(name, builder_.getVoidTy(), all);
  return out;
}

llvm::Value* FunctionEmitter::call_runtime(const char* name, llvm::Type* result,
                                           Arguments arguments) {
  std::vector<llvm::Type*> types;
  for (llvm::Value* argument : arguments) types.push_back(argument->getType());
  llvm::CallInst* call = builder_.CreateCall(module_.runtime(name, result, types), arguments);
  call->setAttributes(llvm::cast<llvm::Function>(call->getCalledOperand())->getAttributes());
  return call;
}

}  // namespace wl::plc::emit
