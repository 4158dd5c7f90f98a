// Functions of the language: their argument types, and all the X_TO_Y.
#include <fmt/format.h>

#include <algorithm>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

/// How arguments and result hang together.
enum class Shape {
  none,      // ()
  real,      // R(R)
  number,    // R(R), integers too
  power,     // R(R, R)
  truncate,  // DINT or INT (real)
  same,      // R(R, R, …)
  select,    // R(BOOL, R, R)
  pick,      // R(LINT, R, …)
  shift,     // R(R, LINT)
  text,      // strings and positions; `pattern` has s and n
  size,      // UDINT(anything)
};

struct Row {
  std::string_view name;
  Builtin function;
  Shape shape;
  std::string_view formals;  ///< Names in capitals; a trailing + means: any more of IN<n>.
  std::string_view pattern;
};

constexpr Row rows[] = {
    {"ABS", Builtin::abs, Shape::number, "IN", ""},
    {"SQRT", Builtin::sqrt, Shape::real, "IN", ""},
    {"LN", Builtin::ln, Shape::real, "IN", ""},
    {"LOG", Builtin::log, Shape::real, "IN", ""},
    {"EXP", Builtin::exp, Shape::real, "IN", ""},
    {"SIN", Builtin::sin, Shape::real, "IN", ""},
    {"COS", Builtin::cos, Shape::real, "IN", ""},
    {"TAN", Builtin::tan, Shape::real, "IN", ""},
    {"ASIN", Builtin::asin, Shape::real, "IN", ""},
    {"ACOS", Builtin::acos, Shape::real, "IN", ""},
    {"ATAN", Builtin::atan, Shape::real, "IN", ""},
    {"EXPT", Builtin::expt, Shape::power, "IN1 IN2", ""},
    {"TRUNC", Builtin::trunc, Shape::truncate, "IN", ""},
    {"TRUNC_INT", Builtin::trunc, Shape::truncate, "IN", ""},
    {"MIN", Builtin::min, Shape::same, "IN1 IN2 +", ""},
    {"MAX", Builtin::max, Shape::same, "IN1 IN2 +", ""},
    {"LIMIT", Builtin::limit, Shape::same, "MN IN MX", ""},
    {"SEL", Builtin::sel, Shape::select, "G IN0 IN1", ""},
    {"MUX", Builtin::mux, Shape::pick, "K IN0 IN1 +", ""},
    {"SHL", Builtin::shl, Shape::shift, "IN N", ""},
    {"SHR", Builtin::shr, Shape::shift, "IN N", ""},
    {"ROL", Builtin::rol, Shape::shift, "IN N", ""},
    {"ROR", Builtin::ror, Shape::shift, "IN N", ""},
    {"LEN", Builtin::len, Shape::text, "IN", "s"},
    {"LEFT", Builtin::left, Shape::text, "IN L", "sn"},
    {"RIGHT", Builtin::right, Shape::text, "IN L", "sn"},
    {"MID", Builtin::mid, Shape::text, "IN L P", "snn"},
    {"CONCAT", Builtin::concat, Shape::text, "IN1 IN2 +", "ss"},
    {"INSERT", Builtin::insert, Shape::text, "IN1 IN2 P", "ssn"},
    {"DELETE", Builtin::delete_, Shape::text, "IN L P", "snn"},
    {"REPLACE", Builtin::replace, Shape::text, "IN1 IN2 L P", "ssnn"},
    {"FIND", Builtin::find, Shape::text, "IN1 IN2", "ss"},
    {"TIME", Builtin::time, Shape::none, "", ""},
    {"LTIME", Builtin::ltime, Shape::none, "", ""},
    {"SIZEOF", Builtin::size_of, Shape::size, "IN", ""},
};

constexpr std::size_t most_arguments = 32;
constexpr std::uint32_t longest_result = 255;      ///< As the string functions of CODESYS.
constexpr std::uint32_t conversion_capacity = 40;  ///< Holds the text of every elementary value.

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    out.push_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return out;
}

ExprPtr call_of(Builtin function, std::vector<ExprPtr> arguments, const Type* type, Span span) {
  auto expr = std::make_unique<Expr>();
  expr->type = type;
  expr->span = span;
  expr->node = BuiltinCall{.function = function, .arguments = std::move(arguments)};
  return expr;
}

/// Arguments in the order of the formals. Empty when something was reported.
std::optional<std::vector<const ast::Expr*>> ordered(const Row& row, const ast::CallNode& node,
                                                     Span span, DiagnosticSink& sink) {
  std::vector<std::string_view> formals = words(row.formals);
  const bool more = !formals.empty() && formals.back() == "+";
  if (more) formals.pop_back();
  const std::size_t needed = formals.size();
  std::vector<const ast::Expr*> out(
      std::max(needed, std::min(node.arguments.size(), most_arguments)));
  const bool wrong_count =
      more ? node.arguments.size() < needed || node.arguments.size() > most_arguments
           : node.arguments.size() != needed;
  if (wrong_count) {
    sink.report(Code::wrong_argument_count, span,
                fmt::format("{} takes {}{} arguments, not {}", row.name, more ? "at least " : "",
                            needed, node.arguments.size()));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    const ast::Argument& argument = node.arguments[i];
    std::size_t at = i;
    if (argument.form != ast::ArgumentForm::positional) {
      const auto found = std::ranges::find_if(
          formals, [&](std::string_view f) { return same_word(f, argument.name.text); });
      if (found != formals.end()) at = static_cast<std::size_t>(found - formals.begin());
      const bool numbered = more && same_word(argument.name.text.substr(0, 2), "IN");
      if (found == formals.end() && !numbered) {
        sink.report(Code::unknown_parameter, argument.name.span,
                    fmt::format("{} has no input {}", row.name, argument.name.text));
        return std::nullopt;
      }
    }
    if (argument.form == ast::ArgumentForm::output || !argument.value || out[at] != nullptr) {
      sink.report(Code::duplicate_argument, argument.span,
                  fmt::format("this is no further input of {}", row.name));
      return std::nullopt;
    }
    out[at] = argument.value.get();
  }
  return out;
}

}  // namespace

const Type* Checker::conversion_type(std::string_view word) {
  if (const Type* elementary = types_.elementary(word)) {
    return elementary->kind == TypeKind::string ? types_.string(conversion_capacity) : elementary;
  }
  const auto found = type_names_.find(fold_case(word));
  if (found == type_names_.end()) return nullptr;
  const Type* type = resolve_entry(found->second);
  return type->kind == TypeKind::enumeration && type != types_.error() ? type : nullptr;
}

/// `INT_TO_REAL(x)`, `TO_REAL(x)`. Nothing when the name is no conversion.
std::optional<Operand> Checker::check_conversion(const ast::Name& name, const ast::CallNode& node,
                                                 Span span) {
  const std::string folded = fold_case(name.text);
  const Type* from = nullptr;
  const Type* to = nullptr;
  if (folded.starts_with("TO_")) to = conversion_type(folded.substr(3));
  for (std::size_t at = folded.find("_TO_"); to == nullptr && at != std::string::npos;
       at = folded.find("_TO_", at + 1)) {
    from = conversion_type(folded.substr(0, at));
    if (from != nullptr) to = conversion_type(folded.substr(at + 4));
  }
  if (to == nullptr) return std::nullopt;
  const bool one = node.arguments.size() == 1 && node.arguments[0].value &&
                   node.arguments[0].form != ast::ArgumentForm::output;
  if (!one) {
    sink_.report(Code::wrong_argument_count, span, fmt::format("{} takes 1 argument", name.text));
    return poison(span);
  }
  Operand operand = check(*node.arguments[0].value, from);
  if (is_poison(operand)) return poison(span);
  const std::size_t before = sink_.size();
  ExprPtr value = from != nullptr ? coerce(std::move(operand), from) : settle(std::move(operand));
  if (sink_.size() != before) return poison(span);
  if (!is_elementary(value->type->kind)) {
    sink_.report(Code::type_mismatch, span,
                 fmt::format("{} cannot be converted to {}", value->type->name, to->name));
    return poison(span);
  }
  ExprPtr converted = convert(std::move(value), to);
  converted->span = span;
  return Operand{std::move(converted), to};
}

std::optional<Operand> Checker::check_builtin(const ast::Name& name, const ast::CallNode& node,
                                              Span span, const Type* hint) {
  const auto* const row =
      std::ranges::find_if(rows, [&](const Row& r) { return same_word(r.name, name.text); });
  if (row == std::end(rows)) return check_conversion(name, node, span);
  const auto order = ordered(*row, node, span, sink_);
  if (!order) return poison(span);
  std::vector<Operand> operands;
  bool bad = false;
  const bool keeps_hint =
      row->shape != Shape::text && row->shape != Shape::truncate && row->shape != Shape::size;
  for (const ast::Expr* argument : *order) {
    operands.push_back(check(*argument, keeps_hint ? hint : nullptr));
    bad = bad || is_poison(operands.back());
  }
  if (bad) return poison(span);
  const BuiltinUse use{row->function, row->name, row->pattern, span, hint};
  switch (row->shape) {
    case Shape::none: {
      const Type* type =
          types_.of(row->function == Builtin::time ? TypeKind::time : TypeKind::ltime);
      return Operand{call_of(row->function, {}, type, span), type};
    }
    case Shape::power:
      return power(std::move(operands[0]), std::move(operands[1]), span, hint);
    case Shape::real:
    case Shape::number:
    case Shape::truncate:
      return unary_builtin(use, std::move(operands[0]), row->shape == Shape::number);
    case Shape::same:
      return joined_builtin(use, std::move(operands), 0);
    case Shape::select:
    case Shape::pick:
      return joined_builtin(use, std::move(operands), 1);
    case Shape::shift:
      return shift_builtin(use, std::move(operands));
    case Shape::text:
      return text_builtin(use, std::move(operands));
    case Shape::size:
      break;
  }
  std::vector<ExprPtr> arguments;
  arguments.push_back(settle(std::move(operands[0])));
  const Type* udint = types_.of(TypeKind::udint);
  return Operand{call_of(row->function, std::move(arguments), udint, span), udint};
}

Operand Checker::unary_builtin(const BuiltinUse& use, Operand operand, bool integers_too) {
  const Type* type = settled_type(operand, use.hint);
  const TypeKind kind = type->kind;
  const bool whole = is_integer(kind) || is_bit_string(kind);
  if ((!is_real(kind) && !whole) || (whole && integers_too && is_bit_string(kind))) {
    sink_.report(Code::type_mismatch, use.span,
                 fmt::format("{} needs a number, this is {}", use.name, operand.nominal->name));
    return poison(use.span);
  }
  if (whole && !integers_too) {
    const bool single = use.hint != nullptr && use.hint->kind == TypeKind::real;
    type = types_.of(single && bit_width(kind) <= 16 ? TypeKind::real : TypeKind::lreal);
  }
  std::vector<ExprPtr> arguments;
  const bool literal = operand.nominal == types_.any_int() || operand.nominal == types_.any_real();
  arguments.push_back(literal ? coerce_literal(std::move(operand), type)
                              : convert(std::move(operand.expr), type));
  const Type* result = type;
  if (use.function == Builtin::trunc) {
    result = types_.of(use.name == "TRUNC" ? TypeKind::dint : TypeKind::int_);
  }
  return {call_of(use.function, std::move(arguments), result, use.span), result};
}

/// MIN, MAX, LIMIT, and behind a selector SEL, MUX: all values have one type.
Operand Checker::joined_builtin(const BuiltinUse& use, std::vector<Operand> operands,
                                std::size_t selectors) {
  const Type* type = operands[selectors].nominal;
  const Operand* widest = &operands[selectors];
  for (std::size_t i = selectors + 1; i < operands.size() && type != nullptr; ++i) {
    const bool untyped = type == types_.any_int() || type == types_.any_real();
    const Operand so_far{nullptr, type};
    const Type* joined = common(untyped ? *widest : so_far, operands[i]);
    if (joined == nullptr) {
      sink_.report(Code::type_mismatch, operands[i].expr->span,
                   fmt::format("the values of {} have the types {} and {}", use.name, type->name,
                               operands[i].nominal->name),
                   "convert them to one type");
      return poison(use.span);
    }
    if (joined == operands[i].nominal) widest = &operands[i];
    type = joined;
  }
  if (type == types_.any_int() || type == types_.any_real()) {
    type = settled_type(*widest, use.hint);
  }
  const bool ordered = selectors == 0;
  if (!is_elementary(type->kind) || (ordered && type->kind == TypeKind::boolean)) {
    sink_.report(Code::type_mismatch, use.span,
                 fmt::format("{} is not defined for {}", use.name, type->name));
    return poison(use.span);
  }
  std::vector<ExprPtr> arguments;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Type* wanted = i >= selectors ? type
                                        : types_.of(use.function == Builtin::sel ? TypeKind::boolean
                                                                                 : TypeKind::lint);
    arguments.push_back(coerce(std::move(operands[i]), wanted));
  }
  return {call_of(use.function, std::move(arguments), type, use.span), type};
}

Operand Checker::shift_builtin(const BuiltinUse& use, std::vector<Operand> operands) {
  const Type* type = settled_type(operands[0], use.hint);
  if (!is_integer(type->kind) && !is_bit_string(type->kind)) {
    sink_.report(Code::type_mismatch, use.span,
                 fmt::format("{} needs a bit string or an integer, this is {}", use.name,
                             operands[0].nominal->name));
    return poison(use.span);
  }
  std::vector<ExprPtr> arguments;
  arguments.push_back(coerce(std::move(operands[0]), type));
  arguments.push_back(coerce(std::move(operands[1]), types_.of(TypeKind::lint)));
  return {call_of(use.function, std::move(arguments), type, use.span), type};
}

Operand Checker::text_builtin(const BuiltinUse& use, std::vector<Operand> operands) {
  std::vector<ExprPtr> arguments;
  std::uint32_t sum = 0;
  std::uint32_t longest = 0;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const bool text = i >= use.pattern.size() || use.pattern[i] == 's';
    if (!text) {
      arguments.push_back(coerce(std::move(operands[i]), types_.of(TypeKind::lint)));
      continue;
    }
    const Type* type = operands[i].nominal;
    if (type->kind != TypeKind::string) {
      sink_.report(Code::type_mismatch, operands[i].expr->span,
                   fmt::format("{} needs a STRING, this is {}", use.name, type->name),
                   "convert it with TO_STRING(…)");
      return poison(use.span);
    }
    sum += type->capacity;
    longest = std::max(longest, type->capacity);
    arguments.push_back(std::move(operands[i].expr));
  }
  const Type* result = types_.of(TypeKind::int_);
  if (use.function != Builtin::len && use.function != Builtin::find) {
    const std::uint32_t room = std::min(sum, std::max(longest_result, longest));
    result = types_.string(std::max(room, std::uint32_t{1}));
  }
  return {call_of(use.function, std::move(arguments), result, use.span), result};
}

}  // namespace wl::plc::lang
