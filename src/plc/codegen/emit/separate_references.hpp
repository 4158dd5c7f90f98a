// Which VAR_IN_OUT never refer to the instance that they are passed to.
#pragma once

#include <unordered_set>

#include "plc/lang/check/checked_program.hpp"

namespace wl::plc::emit {

/// The answer for a whole application: every call is seen, so "no caller passes the block its own
/// data" is a fact and lets loops keep the block's variables in registers. Immutable.
class SeparateReferences {
 public:
  explicit SeparateReferences(const lang::CheckedProgram& program);

  /// True when what `in_out` refers to never overlaps the instance data of its function block.
  /// Two VAR_IN_OUT of one call may still overlap each other, or a global variable.
  bool contains(const lang::Variable& in_out) const { return !overlapping_.contains(&in_out); }

 private:
  std::unordered_set<const lang::Variable*> overlapping_;
};

}  // namespace wl::plc::emit
