// Which type goes into which, and what to write when it does not.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "plc/lang/check/checker.hpp"

namespace wl::plc::lang {
namespace {

bool is_whole(TypeKind k) {
  return is_integer(k) || is_bit_string(k);
}

bool has_sign(TypeKind k) {
  return is_signed_integer(k);
}

TypeKind signed_of_width(std::uint32_t bits) {
  if (bits <= 8) return TypeKind::sint;
  if (bits <= 16) return TypeKind::int_;
  return bits <= 32 ? TypeKind::dint : TypeKind::lint;
}

TypeKind unsigned_of_width(std::uint32_t bits) {
  if (bits <= 8) return TypeKind::usint;
  if (bits <= 16) return TypeKind::uint_;
  return bits <= 32 ? TypeKind::udint : TypeKind::ulint;
}

/// REAL → integer as at run time: half to even, saturating, NaN gives 0.
std::int64_t rounded(double value, TypeKind to) {
  if (std::isnan(value)) return 0;
  const std::uint32_t bits = bit_width(to);
  const double even = std::nearbyint(value);
  const bool sign = is_signed_integer(to) || to == TypeKind::ltime || to == TypeKind::enumeration;
  const double low = sign ? -std::ldexp(1.0, static_cast<int>(bits) - 1) : 0.0;
  const double high = std::ldexp(1.0, static_cast<int>(sign ? bits - 1 : bits));
  const auto largest = std::numeric_limits<std::uint64_t>::max() >> (sign ? 65 - bits : 64 - bits);
  if (even <= low)
    return sign && bits < 64 ? static_cast<std::int64_t>(low)
           : sign            ? std::numeric_limits<std::int64_t>::min()
                             : 0;
  if (even >= high) return static_cast<std::int64_t>(largest);
  return sign ? static_cast<std::int64_t>(even)
              : static_cast<std::int64_t>(static_cast<std::uint64_t>(even));
}

double to_real(std::int64_t value, TypeKind from) {
  const bool large = from == TypeKind::ulint || from == TypeKind::lword;
  return large ? static_cast<double>(static_cast<std::uint64_t>(value))
               : static_cast<double>(value);
}

double as_type(double value, TypeKind to) {
  return to == TypeKind::real ? static_cast<double>(static_cast<float>(value)) : value;
}

/// The literal after the conversion; nothing when it is done at run time.
std::optional<Value> fold(const Value& value, TypeKind from, TypeKind to) {
  if (from == TypeKind::string || to == TypeKind::string) return std::nullopt;
  if (is_real(from)) {
    if (is_real(to)) return Value{as_type(value.real(), to)};
    if (to == TypeKind::boolean) return Value{std::int64_t{value.real() != 0}};
    return Value{rounded(value.real(), to)};
  }
  const std::int64_t whole = value.integer();
  if (is_real(to)) return Value{as_type(to_real(whole, from), to)};
  if (to == TypeKind::boolean) return Value{std::int64_t{whole != 0}};
  constexpr std::int64_t ns_per_ms = 1'000'000;
  if (from == TypeKind::time && to == TypeKind::ltime) return Value{whole * ns_per_ms};
  if (from == TypeKind::ltime && to == TypeKind::time) return Value{wrap(whole / ns_per_ms, to)};
  return Value{wrap(whole, to)};
}

}  // namespace

Operand Checker::poison(Span span) const {
  return {make_literal({std::int64_t{0}}, types_.of(TypeKind::boolean), span), types_.error()};
}

ExprPtr Checker::make_literal(Value value, const Type* type, Span span) const {
  auto expr = std::make_unique<Expr>();
  expr->type = type;
  expr->span = span;
  expr->node = Literal{std::move(value)};
  return expr;
}

const Type* Checker::machine(const Type* nominal) const {
  const TypeKind kind = nominal->kind;
  if (!is_whole(kind) && kind != TypeKind::enumeration) return nominal;
  if (nominal == types_.any_int()) return types_.of(TypeKind::lint);
  const bool sign = has_sign(kind) || kind == TypeKind::enumeration;
  if (bit_width(kind) == 64) return types_.of(sign ? TypeKind::lint : TypeKind::ulint);
  return types_.of(sign ? TypeKind::dint : TypeKind::udint);
}

const Type* Checker::common_type(const Type* a, const Type* b) const {
  if (a == b) return a;
  if (a->kind == TypeKind::string && b->kind == TypeKind::string) {
    return a->capacity > b->capacity ? a : b;
  }
  if (is_time(a->kind) && is_time(b->kind)) return types_.of(TypeKind::ltime);
  const auto number = [&](const Type* t) {
    return t->kind == TypeKind::enumeration ? types_.of(TypeKind::int_) : t;
  };
  const TypeKind x = number(a)->kind;
  const TypeKind y = number(b)->kind;
  if (is_real(x) && is_real(y)) return types_.of(TypeKind::lreal);
  if (is_real(x) && is_whole(y)) return common_type(b, a);
  if (is_whole(x) && is_real(y)) {
    const std::uint32_t bits = bit_width(x);
    if (bits == 64) return nullptr;
    return types_.of(bits <= 16 && y == TypeKind::real ? TypeKind::real : TypeKind::lreal);
  }
  if (!is_whole(x) || !is_whole(y)) return nullptr;
  const std::uint32_t width = std::max(bit_width(x), bit_width(y));
  if (is_bit_string(x) && is_bit_string(y)) return bit_width(x) == width ? number(a) : number(b);
  if (has_sign(x) == has_sign(y)) {
    if (is_bit_string(x) && bit_width(x) == width && bit_width(y) < width) return number(a);
    if (is_bit_string(y) && bit_width(y) == width && bit_width(x) < width) return number(b);
    return types_.of(has_sign(x) ? signed_of_width(width) : unsigned_of_width(width));
  }
  const std::uint32_t signed_bits = bit_width(has_sign(x) ? x : y);
  const std::uint32_t unsigned_bits = bit_width(has_sign(x) ? y : x);
  if (signed_bits > unsigned_bits) return types_.of(signed_of_width(signed_bits));
  return unsigned_bits == 64 ? nullptr : types_.of(signed_of_width(unsigned_bits * 2));
}

const Type* Checker::common(const Operand& a, const Operand& b) const {
  const bool a_int = a.nominal == types_.any_int();
  const bool b_int = b.nominal == types_.any_int();
  const bool a_real = a.nominal == types_.any_real();
  const bool b_real = b.nominal == types_.any_real();
  if ((a_int && b_int) || (a_real && b_real)) return a.nominal;
  if ((a_int && b_real) || (a_real && b_int)) return types_.any_real();
  if (b_int || b_real) return common(b, a);
  if (a_int) {
    const std::int64_t value = std::get<Literal>(a.expr->node).value.integer();
    const TypeKind kind = b.nominal->kind;
    if (is_real(kind) || is_time(kind)) return b.nominal;
    if (kind == TypeKind::boolean) return fits(value, kind) ? b.nominal : nullptr;
    if (!is_whole(kind) && kind != TypeKind::enumeration) return nullptr;
    const bool number = kind != TypeKind::enumeration;
    if (number && fits(value, kind)) return b.nominal;
    for (const TypeKind wider : {TypeKind::int_, TypeKind::dint, TypeKind::lint}) {
      if (fits(value, wider)) return common_type(types_.of(wider), b.nominal);
    }
    return nullptr;
  }
  if (a_real) {
    const TypeKind kind = b.nominal->kind;
    if (is_real(kind)) return b.nominal;
    return is_whole(kind) ? common_type(types_.of(TypeKind::real), b.nominal) : nullptr;
  }
  return common_type(a.nominal, b.nominal);
}

bool Checker::widens(const Type* from, const Type* to) const {
  if (from == to) return true;
  const TypeKind f = from->kind;
  const TypeKind t = to->kind;
  if (f == TypeKind::string && t == TypeKind::string) return true;
  if (!is_elementary(f) || !is_elementary(t)) return false;
  if (f == TypeKind::time) return t == TypeKind::ltime;
  if (f == TypeKind::enumeration) return is_signed_integer(t) && bit_width(t) >= 16;
  if (is_whole(f) && is_bit_string(t)) return !has_sign(f) && bit_width(f) <= bit_width(t);
  if (is_bit_string(f) && is_integer(t)) {
    return has_sign(t) ? bit_width(f) < bit_width(t) : bit_width(f) <= bit_width(t);
  }
  const bool numbers = (is_integer(f) || is_real(f)) && (is_integer(t) || is_real(t));
  return numbers && common_type(from, to) == to;
}

ExprPtr Checker::convert(ExprPtr expr, const Type* to) {
  const Type* from = expr->type;
  if (from == to || (from->kind == TypeKind::string && to->kind == TypeKind::string)) return expr;
  if (const auto* literal = std::get_if<Literal>(&expr->node)) {
    if (std::optional<Value> value = fold(literal->value, from->kind, to->kind)) {
      return make_literal(std::move(*value), to, expr->span);
    }
  }
  auto converted = std::make_unique<Expr>();
  converted->type = to;
  converted->span = expr->span;
  converted->node = Convert{std::move(expr)};
  return converted;
}

void Checker::report_conversion(const Operand& operand, const Type* to) {
  const Type* from = operand.nominal;
  const auto number = [](TypeKind k) {
    return is_whole(k) || is_real(k) || is_time(k) || k == TypeKind::boolean;
  };
  const Span span = operand.expr->span;
  if (number(from->kind) && to->kind == TypeKind::enumeration) {
    sink_.report(Code::type_mismatch, span,
                 fmt::format("{} does not become {} by itself", from->name, to->name),
                 fmt::format("write a value of {}, or TO_{}(…)", to->name, to->name));
    return;
  }
  const bool text = from->kind == TypeKind::string || to->kind == TypeKind::string;
  const bool literal = from == types_.any_int() || from == types_.any_real();
  if (number(from->kind) && number(to->kind) && !text && !literal) {
    sink_.report(Code::narrowing_conversion, span,
                 fmt::format("{} does not fit into {} without loss", from->name, to->name),
                 fmt::format("write {}_TO_{}(…)", from->name, to->name));
    return;
  }
  const bool elementary = is_elementary(from->kind) && is_elementary(to->kind) && !literal &&
                          to->kind != TypeKind::enumeration;
  if (literal && is_time(to->kind)) {
    sink_.report(Code::type_mismatch, span,
                 fmt::format("expected {}, but this is a number without a unit", to->name),
                 "write the unit: T#5s, T#200ms");
    return;
  }
  sink_.report(Code::type_mismatch, span,
               fmt::format("expected {}, but this is {}", to->name, from->name),
               elementary ? fmt::format("a conversion is written TO_{}(…)",
                                        to->kind == TypeKind::string ? "STRING" : to->name)
                          : std::string());
}

/// Literals take the type that is needed, if they fit.
ExprPtr Checker::coerce_literal(Operand operand, const Type* to) {
  const Span span = operand.expr->span;
  const Value value = std::get<Literal>(operand.expr->node).value;
  const TypeKind kind = to->kind;
  if (operand.nominal == types_.any_real()) {
    if (!is_real(kind)) {
      report_conversion(operand, to);
      return std::move(operand.expr);
    }
    const double exact = value.real();
    if (kind == TypeKind::real && std::abs(exact) > std::numeric_limits<float>::max()) {
      sink_.report(Code::literal_does_not_fit, span,
                   fmt::format("{} is outside of the range of REAL", exact), "use LREAL");
    }
    return make_literal({as_type(exact, kind)}, to, span);
  }
  const std::int64_t whole = value.integer();
  if (is_real(kind)) return make_literal({as_type(static_cast<double>(whole), kind)}, to, span);
  if (kind == TypeKind::enumeration) {
    for (const EnumValue& known : to->values) {
      if (known.value == whole) return make_literal(value, to, span);
    }
    sink_.report(Code::unknown_enum_value, span,
                 fmt::format("{} has no value {}", to->name, whole));
    return make_literal(value, to, span);
  }
  if (!is_whole(kind) && kind != TypeKind::boolean) {
    report_conversion(operand, to);
    return std::move(operand.expr);
  }
  if (!fits(whole, kind)) {
    sink_.report(Code::literal_does_not_fit, span,
                 fmt::format("{} is outside of the range of {}", whole, to->name));
    return make_literal({wrap(whole, kind)}, to, span);
  }
  return make_literal(value, to, span);
}

ExprPtr Checker::coerce(Operand operand, const Type* to) {
  if (is_poison(operand) || to == types_.error() || to == nullptr) return std::move(operand.expr);
  if (operand.nominal == types_.any_int() || operand.nominal == types_.any_real()) {
    return coerce_literal(std::move(operand), to);
  }
  if (!widens(operand.nominal, to)) {
    report_conversion(operand, to);
    return std::move(operand.expr);
  }
  const auto* literal = std::get_if<Literal>(&operand.expr->node);
  if (literal != nullptr && is_whole(to->kind) && is_whole(operand.expr->type->kind) &&
      !fits(literal->value.integer(), to->kind) && bit_width(to->kind) < 64) {
    sink_.report(Code::literal_does_not_fit, operand.expr->span,
                 fmt::format("the constant result {} is outside of the range of {}",
                             literal->value.integer(), to->name));
  }
  // What is computed wider than declared is cut only when it is stored: `iA * iB` into a LINT
  // keeps all its bits, because machine width is what CODESYS shows.
  return convert(std::move(operand.expr), to);
}

const Type* Checker::settled_type(const Operand& operand, const Type* hint) const {
  if (operand.nominal == types_.any_int()) {
    const std::int64_t value = std::get<Literal>(operand.expr->node).value.integer();
    if (hint != nullptr && (is_whole(hint->kind) || is_real(hint->kind)) &&
        (is_real(hint->kind) || fits(value, hint->kind))) {
      return hint;
    }
    return types_.of(fits(value, TypeKind::int_)   ? TypeKind::int_
                     : fits(value, TypeKind::dint) ? TypeKind::dint
                                                   : TypeKind::lint);
  }
  if (operand.nominal == types_.any_real()) {
    const bool real = hint != nullptr && is_real(hint->kind);
    return real ? hint : types_.of(TypeKind::lreal);
  }
  return operand.nominal;
}

/// Gives a literal without context its default type; leaves everything else.
ExprPtr Checker::settle(Operand operand, const Type* hint) {
  if (is_poison(operand)) return std::move(operand.expr);
  const Type* type = settled_type(operand, hint);
  return coerce(std::move(operand), type);
}

}  // namespace wl::plc::lang
