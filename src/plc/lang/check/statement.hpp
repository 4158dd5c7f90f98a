// Statements of the checked tree. Empty statements are gone.
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "plc/lang/check/expression.hpp"

namespace wl::plc::lang {

struct Stmt;
using Block = std::vector<Stmt>;

/// `target := value`: the same type on both sides (STRING: capacities may differ, the value is
/// cut). Structures and arrays are copied whole; the value may overlap the target only when it is
/// the same place. Never a function block.
struct Assign {
  ExprPtr target;
  ExprPtr value;
};

/// Call of a function block instance or of a program. Order: inputs are evaluated and stored one
/// after the other, references are taken, the body runs, outputs are copied.
struct InstanceCall {
  const Pou* pou = nullptr;
  ExprPtr instance;  ///< A place of type function_block; null: `pou` is a program.
  CallArguments arguments;
};

/// A FunctionCall or BuiltinCall whose result is dropped.
struct Evaluate {
  ExprPtr call;
};

struct IfBranch {
  ExprPtr condition;  ///< BOOL.
  Block body;
};

struct If {
  std::vector<IfBranch> branches;  ///< IF, then each ELSIF.
  Block otherwise;
};

/// Inclusive, low <= high, in the range of the selector's type.
struct CaseRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

struct CaseBranch {
  std::vector<CaseRange> labels;
  Block body;
};

/// `selector` has an integer, bit string or enumeration type. No two labels overlap. ULINT and
/// LWORD selectors are compared as unsigned; their labels fit into 63 bits.
struct Case {
  ExprPtr selector;
  std::vector<CaseBranch> branches;
  Block otherwise;
};

/// `from`, `to`, `by` have the type of `control`; they are evaluated once, before the loop.
/// `by` is null for 1. `by` as a Literal is never 0. When it is no literal and 0 at run time, the
/// loop ends only by EXIT, RETURN or the watchdog. The body runs while control <= to (by > 0) or
/// control >= to (by < 0); the test must not overflow at the limits of the type. Afterwards
/// control is one step past the end (wrapped when that is outside the type).
struct For {
  ExprPtr control;  ///< A place of an integer type.
  ExprPtr from;
  ExprPtr to;
  ExprPtr by;
  Block body;
};

struct While {
  ExprPtr condition;
  Block body;
};

struct Repeat {
  Block body;
  ExprPtr until;
};

struct Exit {};      ///< Leaves the innermost loop; never outside of one.
struct Continue {};  ///< Next round of the innermost loop; never outside of one.
struct Return {};

struct Stmt {
  Span span;
  std::variant<Assign, InstanceCall, Evaluate, If, Case, For, While, Repeat, Exit, Continue, Return>
      node;
};

}  // namespace wl::plc::lang
