// Expressions of the checked tree. Read-only for whoever gets it.
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "plc/lang/check/builtin.hpp"
#include "plc/lang/check/type.hpp"
#include "plc/lang/check/value.hpp"
#include "plc/lang/source/span.hpp"

namespace wl::plc::lang {

struct Expr;
struct Pou;
struct Variable;
using ExprPtr = std::unique_ptr<Expr>;

/// A value known at compile time; Expr::type is elementary. Constant expressions, scalar CONSTANT
/// variables and enumeration values arrive as literals.
struct Literal {
  Value value;
};

/// A variable by name. Where it lives follows from it alone:
///  - owner a function: in the frame of the call
///  - owner a function block: in the instance that executes (`this`); class temp: in the frame;
///    class in_out: the reference that the caller passed
///  - owner a program: in the one instance of that program, also when another POU names it
///    (`PLC_PRG.x`); class temp: in the frame
///  - no owner (Variable::owner == nullptr): global
struct VariableRef {
  const Variable* variable = nullptr;
};

/// `base.field`. Base is a place, or a call that returns a structure. Of type structure: `index`
/// counts in Type::fields. Of type function_block: `index` counts in Pou::variables (never in_out
/// or temp).
struct FieldRef {
  ExprPtr base;
  std::uint32_t index = 0;
};

/// `base[i, j]`: base is a place of an array type, one LINT index per dimension. Indices that are
/// literals are proven in range; all others need a check.
struct IndexRef {
  ExprPtr base;
  std::vector<ExprPtr> indices;
};

/// `base.3`: type BOOL; base is an integer or a bit string and `bit` < its width.
/// As the target of an assignment, base is a place.
struct BitRef {
  ExprPtr base;
  std::uint8_t bit = 0;
};

/// Every change of type, written (`DINT_TO_REAL`) or implied. Elementary → elementary:
///  - integer, bit string, enumeration among each other: sign or zero extend by the source's
///    signedness (enumeration is signed, bit strings and TIME unsigned), cut to the width
///  - REAL, LREAL → integer: round half to even, saturate, NaN gives 0; → bit string: like the
///    unsigned integer of the same width
///  - anything → BOOL: value <> 0; a STRING: 'TRUE' in any case, or '1'
///  - TIME ↔ number: milliseconds; LTIME ↔ number: nanoseconds; TIME → LTIME: × 1,000,000;
///    LTIME → TIME: ÷ 1,000,000, cut to 32 bits
///  - → STRING: decimal integers, shortest round-trip reals, 'TRUE'/'FALSE', `T#1s500ms`,
///    `LTIME#…`; the type has a capacity that holds every value. BYTE … LWORD in decimal, too.
///  - STRING → number: leading blanks, sign, digits, fraction, exponent; the rest is ignored,
///    no number gives 0; out of range saturates
///  - STRING[a] → STRING[b] never appears: wherever a STRING is stored, it is cut to the target.
struct Convert {
  ExprPtr operand;
};

enum class UnaryOp : std::uint8_t {
  negate,  ///< DINT, LINT (wraps), REAL, LREAL, LTIME.
  not_,    ///< BOOL or bit string or integer: every bit.
};

/// The operand has the type of the node.
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};

enum class BinaryOp : std::uint8_t {
  add,
  sub,
  mul,
  div,
  mod,  // arithmetic
  and_,
  or_,
  xor_,  // BOOL, bit strings, integers; both sides are evaluated
  and_then,
  or_else,  // BOOL; the right side only when it matters
  equal,
  unequal,
  less,
  less_equal,
  greater,
  greater_equal  // result BOOL
};

/// Arithmetic: both operands have the type of the node, which is DINT, UDINT, LINT, ULINT, REAL,
/// LREAL, TIME or LTIME, never narrower than 32 bits: INT * INT is computed in DINT, a Convert
/// cuts it when it is stored (machine width, as CODESYS does). Integers wrap. DIV and MOD of
/// integers by zero fault (a literal zero is refused here); minimum / -1 wraps to the minimum and
/// MOD gives 0; the sign of MOD is that of the left operand. `mod` is integer only.
/// Exception: TIME or LTIME mul/div: left is the time, right is LINT or LREAL; LREAL results are
/// cut towards zero and saturate.
/// Comparison: both operands have one elementary type (strings may differ in capacity, compared
/// bytewise); enumeration, BOOL and bit strings compare as numbers. NaN: only <> is TRUE.
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
};

struct BuiltinCall {
  Builtin function;
  std::vector<ExprPtr> arguments;
};

/// The value of an output right after the call, of the output's type. Appears only below
/// OutputCopy::value.
struct CalledOutput {
  std::uint32_t variable = 0;  ///< Index in Pou::variables of the called POU.
};

/// `variable := value` before the call. Evaluated in this order, all before the call.
struct InputCopy {
  std::uint32_t variable = 0;  ///< Index in Pou::variables of the called POU; class input.
  ExprPtr value;               ///< Of the variable's type (STRING: any capacity).
};

/// The caller's place that stands for a VAR_IN_OUT during the call; of exactly the same type.
struct ReferencePass {
  std::uint32_t variable = 0;  ///< Class in_out.
  ExprPtr place;
};

/// `output => target` after the call.
struct OutputCopy {
  std::uint32_t variable = 0;  ///< Class output.
  ExprPtr target;              ///< A place.
  ExprPtr value;               ///< CalledOutput, perhaps below a Convert; of the target's type.
};

/// What a call passes. For functions `inputs` holds every VAR_INPUT in declaration order (defaults
/// are filled in); for function blocks and programs only what is written, omitted ones keep their
/// value. Every VAR_IN_OUT is there, in declaration order.
struct CallArguments {
  std::vector<InputCopy> inputs;
  std::vector<ReferencePass> references;
  std::vector<OutputCopy> outputs;
};

/// Call of a FUNCTION; Expr::type is its return type (any type but function_block). A function
/// without a return type appears only as a statement and Expr::type is null.
struct FunctionCall {
  const Pou* function = nullptr;
  CallArguments arguments;
};

/// One expression. `type` is never null (but see FunctionCall).
/// A *place* is VariableRef, FieldRef of a place, IndexRef of a place, BitRef of a place.
struct Expr {
  const Type* type = nullptr;
  Span span;
  std::variant<Literal, VariableRef, FieldRef, IndexRef, BitRef, Convert, Unary, Binary,
               BuiltinCall, FunctionCall, CalledOutput>
      node;
};

}  // namespace wl::plc::lang
