#include "plc/codegen/emit/function_emitter.hpp"
#include "plc/codegen/emit/scalars.hpp"
#include "plc/codegen/support/run_context.hpp"

namespace wl::plc::emit {

using lang::Builtin;
using lang::Type;
using lang::TypeKind;

llvm::Value* FunctionEmitter::builtin(const lang::Expr& expression, const lang::BuiltinCall& call) {
  const Type& type = *expression.type;
  if (call.function == Builtin::size_of)
    return builder_.getInt32(static_cast<std::uint32_t>(size_of(*call.arguments[0]->type)));
  if (call.function == Builtin::time)
    return scan_time(support::now_ms_offset, builder_.getInt32Ty());
  if (call.function == Builtin::ltime) return scan_time(support::now_offset, builder_.getInt64Ty());

  std::vector<llvm::Value*> arguments;
  for (const lang::ExprPtr& argument : call.arguments) arguments.push_back(value(*argument));
  switch (call.function) {
    case Builtin::abs:
      return absolute(type, arguments[0]);
    case Builtin::trunc:
      return float_to_integer(builder_, arguments[0], scalar_type(module_.context(), type),
                              is_signed(type.kind));
    case Builtin::min:
      return lesser_or_greater(lang::BinaryOp::less, type, arguments);
    case Builtin::max:
      return lesser_or_greater(lang::BinaryOp::greater, type, arguments);
    case Builtin::limit: {
      llvm::Value* raised =
          lesser_or_greater(lang::BinaryOp::greater, type, {arguments[1], arguments[0]});
      return lesser_or_greater(lang::BinaryOp::less, type, {raised, arguments[2]});
    }
    case Builtin::sel:
      return builder_.CreateSelect(arguments[0], arguments[2], arguments[1]);
    case Builtin::mux:
      return multiplex(arguments);
    case Builtin::shl:
    case Builtin::shr:
    case Builtin::rol:
    case Builtin::ror:
      return shift(call, type, arguments);
    case Builtin::len:
    case Builtin::left:
    case Builtin::right:
    case Builtin::mid:
    case Builtin::concat:
    case Builtin::insert:
    case Builtin::delete_:
    case Builtin::replace:
    case Builtin::find:
      return builtin_string(expression, call, arguments);
    default:
      return builtin_real(call, arguments);
  }
}

llvm::Value* FunctionEmitter::builtin_string(const lang::Expr& expression,
                                             const lang::BuiltinCall& call, Arguments arguments) {
  const Type& type = *expression.type;
  llvm::Type* const integer = scalar_type(module_.context(), type);
  llvm::Type* const found = builder_.getInt32Ty();
  switch (call.function) {
    case Builtin::len:
      return builder_.CreateTrunc(call_runtime("string_length", found, arguments), integer);
    case Builtin::find:
      return builder_.CreateTrunc(call_runtime("string_find", found, arguments), integer);
    case Builtin::left:
      return call_string("string_left", type, arguments);
    case Builtin::right:
      return call_string("string_right", type, arguments);
    case Builtin::mid:
      return call_string("string_mid", type, arguments);
    case Builtin::insert:
      return call_string("string_insert", type, arguments);
    case Builtin::delete_:
      return call_string("string_delete", type, arguments);
    case Builtin::replace:
      return call_string("string_replace", type, arguments);
    default:
      return concat(type, arguments);
  }
}

llvm::Value* FunctionEmitter::builtin_real(const lang::BuiltinCall& call, Arguments arguments) {
  using llvm::Intrinsic::ID;
  llvm::Type* const type = arguments[0]->getType();
  const bool wide = type->isDoubleTy();
  switch (call.function) {
    case Builtin::sqrt:
      return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, arguments[0]);
    case Builtin::ln:
      return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::log, arguments[0]);
    case Builtin::log:
      return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::log10, arguments[0]);
    case Builtin::exp:
      return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::exp, arguments[0]);
    case Builtin::sin:
      return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::sin, arguments[0]);
    case Builtin::cos:
      return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::cos, arguments[0]);
    case Builtin::tan:
      return call_runtime(wide ? "tan" : "tanf", type, arguments);
    case Builtin::asin:
      return call_runtime(wide ? "asin" : "asinf", type, arguments);
    case Builtin::acos:
      return call_runtime(wide ? "acos" : "acosf", type, arguments);
    case Builtin::atan:
      return call_runtime(wide ? "atan" : "atanf", type, arguments);
    default:
      return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::pow, arguments[0], arguments[1]);
  }
}

llvm::Value* FunctionEmitter::absolute(const Type& type, llvm::Value* value) {
  if (lang::is_real(type.kind)) return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, value);
  if (!is_signed(type.kind)) return value;
  return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::abs, value, builder_.getFalse());
}

llvm::Value* FunctionEmitter::lesser_or_greater(lang::BinaryOp op, const Type& type,
                                                Arguments arguments) {
  llvm::Value* best = arguments[0];
  for (llvm::Value* candidate : arguments.drop_front())
    best = builder_.CreateSelect(compare_values(op, type, candidate, best), candidate, best);
  return best;
}

llvm::Value* FunctionEmitter::multiplex(Arguments arguments) {
  llvm::Value* chosen = arguments.back();
  for (std::size_t i = arguments.size() - 1; i-- > 1;) {
    llvm::Value* hit = builder_.CreateICmpEQ(arguments[0], builder_.getInt64(i - 1));
    chosen = builder_.CreateSelect(hit, arguments[i], chosen);
  }
  return chosen;
}

llvm::Value* FunctionEmitter::shift(const lang::BuiltinCall& call, const Type& type,
                                    Arguments arguments) {
  llvm::Value* const value = arguments[0];
  llvm::Type* const own = value->getType();
  const bool left = call.function == Builtin::shl || call.function == Builtin::rol;
  if (call.function == Builtin::rol || call.function == Builtin::ror) {
    // Widths are powers of two, so cutting the count keeps it modulo the width.
    const auto id = left ? llvm::Intrinsic::fshl : llvm::Intrinsic::fshr;
    llvm::Value* count = builder_.CreateTrunc(arguments[1], own);
    return builder_.CreateIntrinsic(id, {own}, {value, value, count});
  }
  llvm::Value* wanted =
      builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, arguments[1], builder_.getInt64(0));
  llvm::Value* count = builder_.CreateTrunc(wanted, own);
  llvm::Value* moved = left                   ? builder_.CreateShl(value, count)
                       : is_signed(type.kind) ? builder_.CreateAShr(value, count)
                                              : builder_.CreateLShr(value, count);
  llvm::Value* inside =
      builder_.CreateICmpULT(wanted, builder_.getInt64(lang::bit_width(type.kind)));
  return builder_.CreateSelect(inside, moved, llvm::Constant::getNullValue(own));
}

llvm::Value* FunctionEmitter::concat(const Type& type, Arguments arguments) {
  llvm::Value* joined = arguments[0];
  for (llvm::Value* part : arguments.drop_front())
    joined = call_string("string_concat", type, {joined, part});
  return joined;
}

llvm::Value* FunctionEmitter::scan_time(std::uint64_t bytes, llvm::Type* type) {
  llvm::LoadInst* now = builder_.CreateLoad(type, offset(run_, bytes));
  now->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(module_.context(), {}));
  return now;
}

}  // namespace wl::plc::emit
