#include "plc/codegen/emit/scalars.hpp"

namespace wl::plc::emit {
namespace {

using lang::Type;
using lang::TypeKind;

constexpr std::uint64_t ns_per_ms = 1'000'000;

llvm::Value* integer_to_integer(Builder& builder, llvm::Value* value, const Type& from,
                                llvm::Type* to) {
  return is_signed(from.kind) ? builder.CreateSExtOrTrunc(value, to)
                              : builder.CreateZExtOrTrunc(value, to);
}

llvm::Value* time_to_time(Builder& builder, llvm::Value* value, const Type& from) {
  llvm::Value* factor = builder.getInt64(ns_per_ms);
  if (from.kind == TypeKind::time)
    return builder.CreateMul(builder.CreateZExt(value, builder.getInt64Ty()), factor);
  return builder.CreateTrunc(builder.CreateSDiv(value, factor), builder.getInt32Ty());
}

llvm::Value* to_boolean(Builder& builder, llvm::Value* value) {
  llvm::Value* zero = llvm::Constant::getNullValue(value->getType());
  return value->getType()->isFloatingPointTy() ? builder.CreateFCmpUNE(value, zero)
                                               : builder.CreateICmpNE(value, zero);
}

}  // namespace

bool is_signed(TypeKind kind) {
  return lang::is_signed_integer(kind) || kind == TypeKind::ltime || kind == TypeKind::enumeration;
}

bool is_scalar(const Type& type) {
  return lang::is_elementary(type.kind) && type.kind != TypeKind::string;
}

llvm::Type* scalar_type(llvm::LLVMContext& context, const Type& type) {
  if (type.kind == TypeKind::real) return llvm::Type::getFloatTy(context);
  if (type.kind == TypeKind::lreal) return llvm::Type::getDoubleTy(context);
  return llvm::Type::getIntNTy(context, lang::bit_width(type.kind));
}

llvm::Constant* scalar_constant(llvm::LLVMContext& context, const Type& type,
                                const lang::Value& value) {
  llvm::Type* const to = scalar_type(context, type);
  if (value.is_default())
    return type.kind == TypeKind::enumeration
               ? llvm::ConstantInt::getSigned(to, type.initial_ordinal)
               : llvm::Constant::getNullValue(to);
  if (lang::is_real(type.kind)) return llvm::ConstantFP::get(to, value.real());
  const auto bits = static_cast<std::uint64_t>(value.integer());
  return llvm::ConstantInt::get(context, llvm::APInt(64, bits).trunc(to->getIntegerBitWidth()));
}

llvm::Instruction* load_scalar(Builder& builder, const Type& type, llvm::Value* address) {
  if (type.kind == TypeKind::boolean) return builder.CreateLoad(builder.getInt8Ty(), address);
  return builder.CreateLoad(scalar_type(builder.getContext(), type), address);
}

llvm::Value* from_memory(Builder& builder, const Type& type, llvm::Value* loaded) {
  if (type.kind != TypeKind::boolean) return loaded;
  return builder.CreateICmpNE(loaded, builder.getInt8(0));
}

llvm::Instruction* store_scalar(Builder& builder, llvm::Value* value, llvm::Value* address) {
  if (value->getType()->isIntegerTy(1)) value = builder.CreateZExt(value, builder.getInt8Ty());
  return builder.CreateStore(value, address);
}

llvm::Value* float_to_integer(Builder& builder, llvm::Value* value, llvm::Type* to,
                              bool to_signed) {
  const auto id = to_signed ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat;
  return builder.CreateIntrinsic(id, {to, value->getType()}, {value});
}

llvm::Value* convert_scalar(Builder& builder, llvm::Value* value, const Type& from,
                            const Type& to) {
  if (to.kind == TypeKind::boolean) return to_boolean(builder, value);
  llvm::Type* const target = scalar_type(builder.getContext(), to);
  const bool from_real = lang::is_real(from.kind);
  if (lang::is_real(to.kind)) {
    if (from_real) return builder.CreateFPCast(value, target);
    return is_signed(from.kind) ? builder.CreateSIToFP(value, target)
                                : builder.CreateUIToFP(value, target);
  }
  if (from_real) {
    llvm::Value* whole = builder.CreateUnaryIntrinsic(llvm::Intrinsic::roundeven, value);
    return float_to_integer(builder, whole, target, is_signed(to.kind));
  }
  if (lang::is_time(from.kind) && lang::is_time(to.kind) && from.kind != to.kind)
    return time_to_time(builder, value, from);
  return integer_to_integer(builder, value, from, target);
}

llvm::Value* divide(Builder& builder, llvm::Value* left, llvm::Value* right, bool with_sign) {
  if (!with_sign) return builder.CreateUDiv(left, right);
  llvm::Type* const type = left->getType();
  llvm::Value* by_minus_one = builder.CreateICmpEQ(right, llvm::Constant::getAllOnesValue(type));
  llvm::Value* safe = builder.CreateSelect(by_minus_one, llvm::ConstantInt::get(type, 1), right);
  return builder.CreateSelect(by_minus_one, builder.CreateNeg(left),
                              builder.CreateSDiv(left, safe));
}

llvm::Value* remainder(Builder& builder, llvm::Value* left, llvm::Value* right, bool with_sign) {
  if (!with_sign) return builder.CreateURem(left, right);
  llvm::Type* const type = left->getType();
  llvm::Value* by_minus_one = builder.CreateICmpEQ(right, llvm::Constant::getAllOnesValue(type));
  // x MOD 1 = x MOD -1 = 0, so the quotient that overflows is never formed.
  return builder.CreateSRem(
      left, builder.CreateSelect(by_minus_one, llvm::ConstantInt::get(type, 1), right));
}

}  // namespace wl::plc::emit
