// Operators with two sides.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "plc/lang/check/checker.hpp"

namespace wl::plc::lang {
namespace {

using ast::Operator;

std::string_view spelling(Operator op) {
  switch (op) {
    case Operator::add:
      return "+";
    case Operator::sub:
      return "-";
    case Operator::mul:
      return "*";
    case Operator::div:
      return "/";
    case Operator::mod:
      return "MOD";
    case Operator::power:
      return "**";
    case Operator::and_:
      return "AND";
    case Operator::or_:
      return "OR";
    case Operator::xor_:
      return "XOR";
    case Operator::and_then:
      return "AND_THEN";
    case Operator::or_else:
      return "OR_ELSE";
    case Operator::equal:
      return "=";
    case Operator::unequal:
      return "<>";
    case Operator::less:
      return "<";
    case Operator::less_equal:
      return "<=";
    case Operator::greater:
      return ">";
    case Operator::greater_equal:
      return ">=";
  }
  return "?";
}

BinaryOp to_checked(Operator op) {
  switch (op) {
    case Operator::add:
      return BinaryOp::add;
    case Operator::sub:
      return BinaryOp::sub;
    case Operator::mul:
      return BinaryOp::mul;
    case Operator::div:
      return BinaryOp::div;
    case Operator::mod:
      return BinaryOp::mod;
    case Operator::and_:
      return BinaryOp::and_;
    case Operator::or_:
      return BinaryOp::or_;
    case Operator::xor_:
      return BinaryOp::xor_;
    case Operator::and_then:
      return BinaryOp::and_then;
    case Operator::or_else:
      return BinaryOp::or_else;
    case Operator::equal:
      return BinaryOp::equal;
    case Operator::unequal:
      return BinaryOp::unequal;
    case Operator::less:
      return BinaryOp::less;
    case Operator::less_equal:
      return BinaryOp::less_equal;
    case Operator::greater:
      return BinaryOp::greater;
    case Operator::greater_equal:
      return BinaryOp::greater_equal;
    case Operator::power:
      break;  // becomes a call of expt
  }
  std::unreachable();
}

ExprPtr make_binary(BinaryOp op, ExprPtr left, ExprPtr right, const Type* type) {
  auto expr = std::make_unique<Expr>();
  expr->type = type;
  expr->span = join(left->span, right->span);
  expr->node = Binary{op, std::move(left), std::move(right)};
  return expr;
}

std::int64_t fold_whole(BinaryOp op, std::int64_t a, std::int64_t b, bool is_unsigned) {
  const auto x = static_cast<std::uint64_t>(a);
  const auto y = static_cast<std::uint64_t>(b);
  switch (op) {
    case BinaryOp::add:
      return static_cast<std::int64_t>(x + y);
    case BinaryOp::sub:
      return static_cast<std::int64_t>(x - y);
    case BinaryOp::mul:
      return static_cast<std::int64_t>(x * y);
    case BinaryOp::div:
      if (is_unsigned) return static_cast<std::int64_t>(x / y);
      return b == -1 ? static_cast<std::int64_t>(0 - x) : a / b;
    case BinaryOp::mod:
      if (is_unsigned) return static_cast<std::int64_t>(x % y);
      return b == -1 ? 0 : a % b;
    case BinaryOp::and_:
    case BinaryOp::and_then:
      return a & b;
    case BinaryOp::or_:
    case BinaryOp::or_else:
      return a | b;
    case BinaryOp::xor_:
      return a ^ b;
    default:
      return 0;
  }
}

double fold_real(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::add:
      return a + b;
    case BinaryOp::sub:
      return a - b;
    case BinaryOp::mul:
      return a * b;
    case BinaryOp::div:
      return a / b;
    default:
      return 0;
  }
}

template <class T>
bool compare(BinaryOp op, const T& a, const T& b) {
  switch (op) {
    case BinaryOp::equal:
      return a == b;
    case BinaryOp::unequal:
      return a != b;
    case BinaryOp::less:
      return a < b;
    case BinaryOp::less_equal:
      return a <= b;
    case BinaryOp::greater:
      return a > b;
    default:
      return a >= b;
  }
}

bool is_comparison(BinaryOp op) {
  return op >= BinaryOp::equal;
}

/// Signed arithmetic on literals must not wrap silently.
bool overflows(BinaryOp op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (op == BinaryOp::add) return __builtin_add_overflow(a, b, &result);
  if (op == BinaryOp::sub) return __builtin_sub_overflow(a, b, &result);
  if (op == BinaryOp::mul) return __builtin_mul_overflow(a, b, &result);
  return false;
}

}  // namespace

Operand Checker::bad_operands(const ast::BinaryNode& node, const Operand& left,
                              const Operand& right) {
  sink_.report(Code::operator_not_defined, node.op_span,
               fmt::format("{} is not defined for {} and {}", spelling(node.op), left.nominal->name,
                           right.nominal->name),
               "convert one side, for example with TO_DINT(…) or TO_REAL(…)");
  return poison(node.op_span);
}

Operand Checker::check_binary(const ast::BinaryNode& node, Span span, const Type* hint) {
  const bool compares = node.op >= Operator::equal;
  Operand left = check(*node.left, compares ? nullptr : hint);
  Operand right = check(*node.right, compares && !is_poison(left) ? left.nominal : hint);
  if (is_poison(left) || is_poison(right)) return poison(span);
  switch (node.op) {
    case Operator::power:
      return power(std::move(left), std::move(right), span, hint);
    case Operator::and_:
    case Operator::or_:
    case Operator::xor_:
    case Operator::and_then:
    case Operator::or_else:
      return logical(node, std::move(left), std::move(right), span);
    case Operator::add:
    case Operator::sub:
    case Operator::mul:
    case Operator::div:
    case Operator::mod:
      return arithmetic(node, std::move(left), std::move(right), span);
    default:
      return comparison(node, std::move(left), std::move(right), span);
  }
}

Operand Checker::arithmetic(const ast::BinaryNode& node, Operand left, Operand right, Span span) {
  if (is_time(left.nominal->kind) || is_time(right.nominal->kind)) {
    return time_arithmetic(node, std::move(left), std::move(right), span);
  }
  const Type* nominal = common(left, right);
  const TypeKind kind = nominal != nullptr ? nominal->kind : TypeKind::boolean;
  const bool whole = is_integer(kind) || is_bit_string(kind);
  if (nominal == nullptr || (!whole && (!is_real(kind) || node.op == Operator::mod))) {
    return bad_operands(node, left, right);
  }
  const bool adapts = nominal == types_.any_int() || nominal == types_.any_real();
  const Type* wide = nominal == types_.any_real() ? types_.of(TypeKind::lreal) : machine(nominal);
  // Each side keeps the width it was computed in: (iA * iB) + 1 must not be cut on the way.
  if (whole && !adapts) {
    for (const Operand* side : {&left, &right}) {
      const bool literal = side->nominal == types_.any_int();
      if (!literal && bit_width(side->expr->type->kind) > bit_width(wide->kind)) {
        wide = types_.of(is_signed_integer(wide->kind) ? TypeKind::lint : TypeKind::ulint);
      }
    }
  }
  ExprPtr a = left.nominal == types_.any_int() || left.nominal == types_.any_real()
                  ? coerce_literal(std::move(left), wide)
                  : convert(std::move(left.expr), wide);
  ExprPtr b = right.nominal == types_.any_int() || right.nominal == types_.any_real()
                  ? coerce_literal(std::move(right), wide)
                  : convert(std::move(right.expr), wide);
  const bool divides = node.op == Operator::div || node.op == Operator::mod;
  const auto* divisor = std::get_if<Literal>(&b->node);
  if (divides && whole && divisor != nullptr && divisor->value.integer() == 0) {
    sink_.report(Code::constant_division_by_zero, node.right->span, "division by zero");
    return poison(span);
  }
  const BinaryOp op = to_checked(node.op);
  return fold_binary(op, {make_binary(op, std::move(a), std::move(b), wide), nominal}, span);
}

Operand Checker::time_arithmetic(const ast::BinaryNode& node, Operand left, Operand right,
                                 Span span) {
  const BinaryOp op = to_checked(node.op);
  const bool both = is_time(left.nominal->kind) && is_time(right.nominal->kind);
  if (both) {
    if (node.op != Operator::add && node.op != Operator::sub) {
      return bad_operands(node, left, right);
    }
    const Type* type = common(left, right);
    ExprPtr a = coerce(std::move(left), type);
    ExprPtr b = coerce(std::move(right), type);
    return fold_binary(op, {make_binary(op, std::move(a), std::move(b), type), type}, span);
  }
  const bool swap = node.op == Operator::mul && is_time(right.nominal->kind);
  if (swap) std::swap(left, right);
  const TypeKind factor = right.nominal->kind;
  const bool number = is_integer(factor) || is_real(factor);
  const bool scales = node.op == Operator::mul || node.op == Operator::div;
  if (!is_time(left.nominal->kind) || !scales || !number || factor == TypeKind::ulint) {
    return bad_operands(node, left, right);
  }
  const Type* type = left.nominal;
  const Type* wide = types_.of(is_real(factor) ? TypeKind::lreal : TypeKind::lint);
  ExprPtr scale = coerce(std::move(right), wide);
  const auto* divisor = std::get_if<Literal>(&scale->node);
  const bool zero = divisor != nullptr && op == BinaryOp::div && !is_real(wide->kind) &&
                    divisor->value.integer() == 0;
  if (zero) {
    sink_.report(Code::constant_division_by_zero, node.right->span, "division by zero");
    return poison(span);
  }
  return {make_binary(op, std::move(left.expr), std::move(scale), type), type};
}

Operand Checker::power(Operand left, Operand right, Span span, const Type* hint) {
  const auto number = [](TypeKind k) { return is_integer(k) || is_real(k); };
  if (!number(left.nominal->kind) || !number(right.nominal->kind)) {
    sink_.report(
        Code::operator_not_defined, span,
        fmt::format("** is not defined for {} and {}", left.nominal->name, right.nominal->name));
    return poison(span);
  }
  const Type* type = types_.of(TypeKind::lreal);
  const bool wants_real = hint != nullptr && hint->kind == TypeKind::real;
  const bool narrow =
      left.nominal->kind == TypeKind::real || (left.nominal == types_.any_real() && wants_real);
  if (narrow && right.nominal->kind != TypeKind::lreal) type = types_.of(TypeKind::real);
  if (narrow && right.nominal == types_.any_real()) type = types_.of(TypeKind::real);
  const auto argument = [&](Operand operand) {
    const bool literal =
        operand.nominal == types_.any_int() || operand.nominal == types_.any_real();
    return literal ? coerce_literal(std::move(operand), type)
                   : convert(std::move(operand.expr), type);
  };
  BuiltinCall call{.function = Builtin::expt, .arguments = {}};
  call.arguments.push_back(argument(std::move(left)));
  call.arguments.push_back(argument(std::move(right)));
  auto expr = std::make_unique<Expr>();
  expr->type = type;
  expr->span = span;
  expr->node = std::move(call);
  return {std::move(expr), type};
}

Operand Checker::logical(const ast::BinaryNode& node, Operand left, Operand right, Span span) {
  const Type* nominal = common(left, right);
  const TypeKind kind = nominal != nullptr ? nominal->kind : TypeKind::real;
  const bool lazy = node.op == Operator::and_then || node.op == Operator::or_else;
  const bool defined =
      kind == TypeKind::boolean || (!lazy && (is_bit_string(kind) || is_integer(kind)));
  if (nominal == nullptr || !defined) return bad_operands(node, left, right);
  const bool untyped = nominal == types_.any_int();
  const Type* type = untyped ? types_.of(TypeKind::lint) : nominal;
  const auto side = [&](Operand operand) {
    if (operand.nominal == types_.any_int()) return coerce_literal(std::move(operand), type);
    return convert(std::move(operand.expr), type);
  };
  ExprPtr a = side(std::move(left));
  ExprPtr b = side(std::move(right));
  const BinaryOp op = to_checked(node.op);
  return fold_binary(op, {make_binary(op, std::move(a), std::move(b), type), nominal}, span);
}

Operand Checker::comparison(const ast::BinaryNode& node, Operand left, Operand right, Span span) {
  const Type* boolean = types_.of(TypeKind::boolean);
  const TypeKind l = left.nominal->kind;
  const TypeKind r = right.nominal->kind;
  const bool enums = l == TypeKind::enumeration && r == TypeKind::enumeration;
  const bool parts = !is_elementary(l) || !is_elementary(r);
  const Type* type =
      parts || (enums && left.nominal != right.nominal) ? nullptr : common(left, right);
  if (type == nullptr) return bad_operands(node, left, right);
  const bool enum_and_literal = l == TypeKind::enumeration || r == TypeKind::enumeration;
  if (!enums && enum_and_literal && type->kind == TypeKind::enumeration) {
    type = types_.of(TypeKind::int_);
  }
  // Compare at the width in which the sides were computed.
  const bool whole = is_integer(type->kind) || is_bit_string(type->kind);
  if (whole) {
    for (const Operand* side : {&left, &right}) {
      const bool literal = side->nominal == types_.any_int();
      const Type* computed = side->expr->type;
      if (!literal && computed != type) {
        if (const Type* wider = common_type(type, computed)) type = wider;
      }
    }
  }
  if (type == types_.any_int()) type = types_.of(TypeKind::lint);
  if (type == types_.any_real()) type = types_.of(TypeKind::lreal);
  const auto side = [&](Operand operand) {
    const bool literal =
        operand.nominal == types_.any_int() || operand.nominal == types_.any_real();
    return literal ? coerce_literal(std::move(operand), type)
                   : convert(std::move(operand.expr), type);
  };
  ExprPtr a = side(std::move(left));
  ExprPtr b = side(std::move(right));
  const BinaryOp op = to_checked(node.op);
  return fold_binary(op, {make_binary(op, std::move(a), std::move(b), boolean), boolean}, span);
}

/// Both sides literal: the result is one, too.
Operand Checker::fold_binary(BinaryOp op, Operand result, Span span) {
  result.expr->span = span;
  auto& binary = std::get<Binary>(result.expr->node);
  const auto* left = std::get_if<Literal>(&binary.left->node);
  const auto* right = std::get_if<Literal>(&binary.right->node);
  if (left == nullptr || right == nullptr) return result;
  const Type* type = result.expr->type;
  const TypeKind side = binary.left->type->kind;
  const auto literal = [&](Value value) {
    return Operand{make_literal(std::move(value), type, span), result.nominal};
  };
  if (is_comparison(op)) {
    bool truth = false;
    if (side == TypeKind::string) {
      truth = compare(op, left->value.text(), right->value.text());
    } else if (is_real(side)) {
      truth = compare(op, left->value.real(), right->value.real());
    } else if (side == TypeKind::ulint || side == TypeKind::lword) {
      truth = compare(op, static_cast<std::uint64_t>(left->value.integer()),
                      static_cast<std::uint64_t>(right->value.integer()));
    } else {
      truth = compare(op, left->value.integer(), right->value.integer());
    }
    return literal({std::int64_t{truth}});
  }
  if (is_real(side)) {
    const double value = fold_real(op, left->value.real(), right->value.real());
    const bool single = type->kind == TypeKind::real;
    return literal({single ? static_cast<double>(static_cast<float>(value)) : value});
  }
  const std::int64_t a = left->value.integer();
  const std::int64_t b = right->value.integer();
  if (result.nominal == types_.any_int() && overflows(op, a, b)) {
    sink_.report(Code::literal_does_not_fit, span, "this constant does not fit into 64 bits");
    return poison(span);
  }
  const bool is_unsigned = !is_signed_integer(side) && side != TypeKind::ltime;
  return literal({wrap(fold_whole(op, a, b, is_unsigned), type->kind)});
}

}  // namespace wl::plc::lang
