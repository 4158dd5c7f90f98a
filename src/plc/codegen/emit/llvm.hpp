// The IR part of LLVM, once for the whole room (precompiled: alone it costs 10 s a file).
// The ORC and pass headers are included by jit/jit.cpp only.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>

namespace wl::plc::emit {
using Builder = llvm::IRBuilder<>;
}  // namespace wl::plc::emit
