// Elementary types except STRING as LLVM values: one SSA value each, BOOL as i1.
#pragma once

#include "plc/codegen/emit/llvm.hpp"
#include "plc/lang/check/type.hpp"
#include "plc/lang/check/value.hpp"

namespace wl::plc::emit {

/// SINT … LINT, LTIME and enumerations; everything else, TIME too, is unsigned.
bool is_signed(lang::TypeKind kind);
bool is_scalar(const lang::Type& type);  ///< Elementary, but no STRING.

/// The type in registers.
llvm::Type* scalar_type(llvm::LLVMContext& context, const lang::Type& type);
llvm::Constant* scalar_constant(llvm::LLVMContext& context, const lang::Type& type,
                                const lang::Value& value);

/// Memory holds BOOL as one byte.
llvm::Instruction* load_scalar(Builder& builder, const lang::Type& type, llvm::Value* address);
llvm::Value* from_memory(Builder& builder, const lang::Type& type, llvm::Value* loaded);
llvm::Instruction* store_scalar(Builder& builder, llvm::Value* value, llvm::Value* address);

/// Convert among scalars, by the rules of lang::Convert.
llvm::Value* convert_scalar(Builder& builder, llvm::Value* value, const lang::Type& from,
                            const lang::Type& to);

/// Towards zero, saturating, NaN gives 0.
llvm::Value* float_to_integer(Builder& builder, llvm::Value* value, llvm::Type* to, bool to_signed);

/// Signed division where minimum / -1 wraps; the divisor is not 0.
llvm::Value* divide(Builder& builder, llvm::Value* left, llvm::Value* right, bool with_sign);
/// Remainder with the sign of the left operand; the divisor is not 0.
llvm::Value* remainder(Builder& builder, llvm::Value* left, llvm::Value* right, bool with_sign);

}  // namespace wl::plc::emit
