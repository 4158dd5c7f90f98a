// The flat list of elementary variables that watch, retain, force and OPC UA share.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "plc/codegen/layout/state_layout.hpp"
#include "plc/codegen/native_program.hpp"

namespace wl::plc::layout {

/// One symbol for each elementary variable of the state, in order of offset, down to the elements
/// of arrays and the variables of nested function blocks. Limits: see Symbol.
/// `invalid_argument` when there are more than max_symbols.
Result<std::vector<Symbol>> list_symbols(const lang::CheckedProgram& program, StateLayout& layout);

}  // namespace wl::plc::layout
