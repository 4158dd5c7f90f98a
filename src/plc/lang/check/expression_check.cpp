// Expressions but operators and calls.
#include <fmt/format.h>

#include <limits>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

template <class Node>
ExprPtr make(const Type* type, Span span, Node node) {
  auto expr = std::make_unique<Expr>();
  expr->type = type;
  expr->span = span;
  expr->node = std::move(node);
  return expr;
}

constexpr std::uint64_t largest_lint = std::numeric_limits<std::int64_t>::max();

}  // namespace

Operand Checker::check(const ast::Expr& expr, const Type* hint) {
  const auto* node = &expr.node;
  if (const auto* n = std::get_if<ast::LiteralNode>(node))
    return check_literal(*n, expr.span, hint);
  if (const auto* n = std::get_if<ast::NameNode>(node)) return check_name(*n, expr.span, hint);
  if (const auto* n = std::get_if<ast::MemberNode>(node)) return check_member(*n, expr.span, hint);
  if (const auto* n = std::get_if<ast::BitNode>(node)) return check_bit(*n, expr.span);
  if (const auto* n = std::get_if<ast::IndexNode>(node)) return check_index(*n, expr.span);
  if (const auto* n = std::get_if<ast::CallNode>(node)) return check_call(*n, expr.span, hint);
  if (const auto* n = std::get_if<ast::UnaryNode>(node)) return check_unary(*n, expr.span, hint);
  if (const auto* n = std::get_if<ast::BinaryNode>(node)) return check_binary(*n, expr.span, hint);
  if (!std::holds_alternative<ast::ErrorNode>(*node)) {
    sink_.report(Code::bad_initial_value, expr.span,
                 "lists of values stand only in initial values of declarations");
  }
  return poison(expr.span);
}

Operand Checker::check_literal(const ast::LiteralNode& node, Span span, const Type* hint) {
  const LiteralText& text = node.value;
  const Type* typed = text.prefix.empty() ? nullptr : types_.elementary(text.prefix);
  if (same_word(text.prefix, "T")) typed = types_.of(TypeKind::time);
  if (same_word(text.prefix, "LT")) typed = types_.of(TypeKind::ltime);
  const auto literal = [&](Value value, const Type* type) {
    return Operand{make_literal(std::move(value), type, span), type};
  };
  if (node.kind == Tok::boolean) {
    return literal({static_cast<std::int64_t>(text.integer)}, types_.of(TypeKind::boolean));
  }
  if (node.kind == Tok::string) {
    return literal({text.text}, types_.string(static_cast<std::uint32_t>(text.text.size())));
  }
  if (node.kind == Tok::duration) {
    const bool time = typed->kind == TypeKind::time;
    const auto amount = static_cast<std::int64_t>(time ? text.integer / 1'000'000 : text.integer);
    if (time && (text.negative || !fits(amount, TypeKind::time) || text.integer % 1'000'000 != 0)) {
      sink_.report(Code::literal_does_not_fit, span,
                   "TIME counts whole milliseconds from 0 to T#49d17h2m47s295ms",
                   "use LTIME#… for more, for less than a millisecond, and below zero");
      return literal({std::int64_t{0}}, typed);
    }
    return literal({text.negative ? -amount : amount}, typed);
  }
  if (node.kind == Tok::real) {
    Operand real{
        make_literal({text.negative ? -text.real : text.real}, types_.of(TypeKind::lreal), span),
        types_.any_real()};
    if (typed == nullptr) return real;
    return {coerce_literal(std::move(real), typed), typed};
  }
  const bool large = text.integer > largest_lint;
  if (large &&
      (typed == nullptr || typed->kind == TypeKind::ulint || typed->kind == TypeKind::lword)) {
    const bool bits = hint != nullptr && hint->kind == TypeKind::lword;
    const Type* type =
        typed != nullptr ? typed : types_.of(bits ? TypeKind::lword : TypeKind::ulint);
    return literal({static_cast<std::int64_t>(text.integer)}, type);
  }
  const auto whole = static_cast<std::int64_t>(text.negative ? 0 - text.integer : text.integer);
  Operand integer{make_literal({whole}, types_.of(TypeKind::lint), span), types_.any_int()};
  if (large) {
    sink_.report(Code::literal_does_not_fit, span,
                 fmt::format("{} is outside of the range of {}", text.integer, typed->name));
    return literal({std::int64_t{0}}, typed);
  }
  if (typed == nullptr) return integer;
  return {coerce_literal(std::move(integer), typed), typed};
}

Operand Checker::variable_operand(Variable& variable, Span span) {
  const Type* type = type_of(variable);
  if (type == types_.error() || type == nullptr) return poison(span);
  if (variable.constant && is_elementary(type->kind)) {
    const std::size_t before = sink_.size();
    Value value = initial_of(variable);
    if (sink_.size() != before) return poison(span);
    if (value.is_default()) {
      value = type->kind == TypeKind::string        ? Value{std::string()}
              : is_real(type->kind)                 ? Value{0.0}
              : type->kind == TypeKind::enumeration ? Value{type->initial_ordinal}
                                                    : Value{std::int64_t{0}};
    }
    return {make_literal(std::move(value), type, span), type};
  }
  return {make(type, span, VariableRef{&variable}), type};
}

Operand Checker::check_name(const ast::NameNode& node, Span span, const Type* hint) {
  const Meaning meaning = find(node.name, hint);
  if (meaning.reported) return poison(span);
  if (meaning.variable != nullptr) return variable_operand(*meaning.variable, span);
  if (meaning.enumeration != nullptr) {
    return {make_literal({meaning.ordinal}, meaning.enumeration, span), meaning.enumeration};
  }
  if (meaning.pou != nullptr) {
    const bool function = meaning.pou->pou->kind == PouKind::function;
    sink_.report(function ? Code::no_value : Code::instance_needed, span,
                 fmt::format("{} is a {}, not a value", node.name.text,
                             function                                            ? "FUNCTION"
                             : meaning.pou->pou->kind == PouKind::function_block ? "FUNCTION_BLOCK"
                                                                                 : "PROGRAM"),
                 function ? "call it: name(…)" : "declare an instance of it and use that");
    return poison(span);
  }
  if (meaning.list != nullptr || meaning.type != nullptr) {
    sink_.report(Code::no_value, span,
                 fmt::format("{} is a {}, not a value", node.name.text,
                             meaning.list != nullptr ? "list of variables" : "type"),
                 fmt::format("write {}.name", node.name.text));
    return poison(span);
  }
  if (hint != nullptr && hint->kind == TypeKind::enumeration) {
    std::vector<std::string_view> known;
    for (const EnumValue& value : hint->values) known.push_back(value.name);
    const std::string likely = suggestion(node.name.text, known);
    if (!likely.empty()) {
      sink_.report(Code::unknown_enum_value, span,
                   fmt::format("{} has no value {}", hint->name, node.name.text), likely);
      return poison(span);
    }
  }
  report_unknown(node.name);
  return poison(span);
}

Operand Checker::enum_value(const Type* type, const ast::Name& name, Span span) {
  std::vector<std::string_view> known;
  for (const EnumValue& value : type->values) {
    if (same_word(value.name, name.text)) {
      return {make_literal({value.value}, type, span), type};
    }
    known.push_back(value.name);
  }
  sink_.report(Code::unknown_enum_value, name.span,
               fmt::format("{} has no value {}", type->name, name.text),
               suggestion(name.text, known));
  return poison(span);
}

/// `GVL_Config.x`, `E_State.RUN`, `PLC_PRG.x`: the left side is no value.
std::optional<Operand> Checker::qualified(const ast::MemberNode& node, Span span) {
  const auto* left = std::get_if<ast::NameNode>(&node.base->node);
  if (left == nullptr) return std::nullopt;
  const Meaning meaning = find(left->name);
  if (meaning.reported) return poison(span);
  const std::string key = fold_case(node.member.text);
  if (meaning.type != nullptr) {
    const Type* type = resolve_entry(*meaning.type);
    if (type == types_.error()) return poison(span);
    if (type->kind == TypeKind::enumeration) return enum_value(type, node.member, span);
  }
  // A list and a variable may share a name; then the variable is meant unless it is no match.
  if (meaning.list != nullptr) {
    const auto found = meaning.list->variables.find(key);
    if (found != meaning.list->variables.end()) return variable_operand(*found->second, span);
    std::vector<std::string_view> known;
    for (const auto& [folded, variable] : meaning.list->variables) known.push_back(variable->name);
    sink_.report(Code::unknown_member, node.member.span,
                 fmt::format("{} has no variable {}", left->name.text, node.member.text),
                 suggestion(node.member.text, known));
    return poison(span);
  }
  if (meaning.pou == nullptr || meaning.pou->pou->kind != PouKind::program) return std::nullopt;
  const auto found = meaning.pou->locals.find(key);
  if (found != meaning.pou->locals.end()) {
    const VariableClass storage = found->second->storage;
    if (storage != VariableClass::in_out && storage != VariableClass::temp) {
      return variable_operand(*found->second, span);
    }
  }
  std::vector<std::string_view> known;
  for (const auto& [folded, variable] : meaning.pou->locals) known.push_back(variable->name);
  sink_.report(Code::unknown_member, node.member.span,
               fmt::format("{} has no variable {}", left->name.text, node.member.text),
               suggestion(node.member.text, known));
  return poison(span);
}

Operand Checker::check_member(const ast::MemberNode& node, Span span, const Type*) {
  if (std::optional<Operand> found = qualified(node, span)) return std::move(*found);
  return member_of_value(check(*node.base), node.member, span);
}

Operand Checker::member_of_value(Operand base, const ast::Name& member, Span span) {
  if (is_poison(base)) return poison(span);
  const Type* type = base.expr->type;
  const bool instance = type->kind == TypeKind::function_block;
  if (!instance && type->kind != TypeKind::structure) {
    sink_.report(Code::unknown_member, member.span,
                 fmt::format("{} has no parts, so there is no .{}", type->name, member.text));
    return poison(span);
  }
  const std::size_t count = instance ? type->pou->variables.size() : type->fields.size();
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < count; ++i) {
    const Variable* variable = instance ? type->pou->variables[i].get() : nullptr;
    const std::string_view name =
        instance ? std::string_view(variable->name) : std::string_view(type->fields[i].name);
    if (!same_word(name, member.text)) {
      const bool visible = !instance || variable->storage == VariableClass::input ||
                           variable->storage == VariableClass::output;
      if (visible) known.push_back(name);
      continue;
    }
    const bool hidden = instance && variable->storage != VariableClass::input &&
                        variable->storage != VariableClass::output;
    if (hidden) {
      sink_.report(Code::private_member, member.span,
                   fmt::format("{} is internal to {}", name, type->name),
                   "from outside only VAR_INPUT and VAR_OUTPUT are visible");
      return poison(span);
    }
    const Type* part = instance ? variable->type : type->fields[i].type;
    if (part == types_.error()) return poison(span);
    return {make(part, span, FieldRef{std::move(base.expr), static_cast<std::uint32_t>(i)}), part};
  }
  sink_.report(Code::unknown_member, member.span,
               fmt::format("{} has no {}", type->name, member.text),
               suggestion(member.text, known));
  return poison(span);
}

Operand Checker::check_index(const ast::IndexNode& node, Span span) {
  Operand base = check(*node.base);
  const Type* type = is_poison(base) ? nullptr : base.expr->type;
  const bool array = type != nullptr && type->kind == TypeKind::array;
  if (type != nullptr && (!array || type->dimensions.size() != node.indices.size())) {
    sink_.report(Code::wrong_index_count, span,
                 array ? fmt::format("{} takes {} indices, not {}", type->name,
                                     type->dimensions.size(), node.indices.size())
                       : fmt::format("{} is no array", type->name));
    return poison(span);
  }
  IndexRef ref;
  for (std::size_t i = 0; i < node.indices.size(); ++i) {
    const Type* lint = types_.of(TypeKind::lint);
    Operand index = check(*node.indices[i]);
    if (!is_poison(index) && index.nominal->kind == TypeKind::ulint) index.nominal = lint;
    ExprPtr converted = coerce(std::move(index), lint);
    const auto* literal = std::get_if<Literal>(&converted->node);
    const bool known = array && literal != nullptr && converted->type == lint;
    if (known) {
      const Dimension& bounds = type->dimensions[i];
      const std::int64_t value = literal->value.integer();
      if (value < bounds.low || value > bounds.high) {
        sink_.report(Code::index_out_of_range, node.indices[i]->span,
                     fmt::format("index {} is outside {}..{}", value, bounds.low, bounds.high));
      }
    }
    ref.indices.push_back(std::move(converted));
  }
  if (!array) return poison(span);
  ref.base = std::move(base.expr);
  return {make(type->element, span, std::move(ref)), type->element};
}

Operand Checker::check_bit(const ast::BitNode& node, Span span) {
  Operand base = check(*node.base);
  if (is_poison(base)) return poison(span);
  ExprPtr value = settle(std::move(base));
  const TypeKind kind = value->type->kind;
  if (!is_integer(kind) && !is_bit_string(kind)) {
    sink_.report(Code::operator_not_defined, span, fmt::format("{} has no bits", value->type->name),
                 "bits are read from integers, BYTE, WORD, DWORD and LWORD");
    return poison(span);
  }
  if (node.bit >= bit_width(kind)) {
    sink_.report(Code::bit_out_of_range, span,
                 fmt::format("{} has bits 0 to {}, not {}", value->type->name, bit_width(kind) - 1,
                             node.bit));
    return poison(span);
  }
  const Type* boolean = types_.of(TypeKind::boolean);
  return {make(boolean, span, BitRef{std::move(value), static_cast<std::uint8_t>(node.bit)}),
          boolean};
}

Operand Checker::check_negate(Operand operand, Span span) {
  const TypeKind kind = operand.nominal->kind;
  const auto* literal = std::get_if<Literal>(&operand.expr->node);
  // -9223372036854775808 is written as a minus before what only ULINT can hold.
  const bool lowest = literal != nullptr && kind == TypeKind::ulint &&
                      literal->value.integer() == std::numeric_limits<std::int64_t>::min();
  if (lowest) {
    return {make_literal(literal->value, types_.of(TypeKind::lint), span), types_.any_int()};
  }
  const bool defined = is_signed_integer(kind) || is_real(kind) || kind == TypeKind::ltime;
  if (!defined) {
    sink_.report(Code::operator_not_defined, span,
                 fmt::format("'-' is not defined for {}", operand.nominal->name),
                 is_unsigned_integer(kind) || is_bit_string(kind)
                     ? "convert it to a signed type first"
                     : "");
    return poison(span);
  }
  const Type* wide = machine(operand.nominal);
  const Type* nominal = operand.nominal;
  if (literal != nullptr) {
    Value value = is_real(kind) ? Value{-literal->value.real()}
                                : Value{static_cast<std::int64_t>(
                                      0 - static_cast<std::uint64_t>(literal->value.integer()))};
    const bool adapts = nominal == types_.any_int() || nominal == types_.any_real();
    return {make_literal(std::move(value), adapts ? operand.expr->type : wide, span), nominal};
  }
  ExprPtr widened = convert(std::move(operand.expr), wide);
  return {make(wide, span, Unary{UnaryOp::negate, std::move(widened)}), nominal};
}

Operand Checker::check_unary(const ast::UnaryNode& node, Span span, const Type* hint) {
  Operand operand = check(*node.operand, hint);
  if (is_poison(operand)) return poison(span);
  if (node.op == UnaryOp::negate) return check_negate(std::move(operand), span);
  if (operand.nominal == types_.any_int()) {
    const bool bits = hint != nullptr && (is_integer(hint->kind) || is_bit_string(hint->kind));
    const Type* type = bits ? hint : types_.of(TypeKind::dword);
    operand = {coerce_literal(std::move(operand), type), type};
  }
  const Type* type = operand.nominal;
  const TypeKind kind = type->kind;
  if (kind != TypeKind::boolean && !is_integer(kind) && !is_bit_string(kind)) {
    sink_.report(Code::operator_not_defined, span,
                 fmt::format("NOT is not defined for {}", type->name));
    return poison(span);
  }
  ExprPtr value = convert(std::move(operand.expr), type);
  if (const auto* literal = std::get_if<Literal>(&value->node)) {
    const std::int64_t flipped = kind == TypeKind::boolean ? literal->value.integer() ^ 1
                                                           : wrap(~literal->value.integer(), kind);
    return {make_literal({flipped}, type, span), type};
  }
  return {make(type, span, Unary{UnaryOp::not_, std::move(value)}), type};
}

const Variable* Checker::root_of(const Expr& expr) const {
  if (const auto* variable = std::get_if<VariableRef>(&expr.node)) return variable->variable;
  if (const auto* field = std::get_if<FieldRef>(&expr.node)) return root_of(*field->base);
  if (const auto* index = std::get_if<IndexRef>(&expr.node)) return root_of(*index->base);
  if (const auto* bit = std::get_if<BitRef>(&expr.node)) return root_of(*bit->base);
  return nullptr;
}

/// The variable that a place names directly or through an instance: `fb.Q` → Q.
bool Checker::writable(const ast::Expr& expr, const Expr& checked) {
  const Expr* at = &checked;
  while (true) {
    if (const auto* index = std::get_if<IndexRef>(&at->node)) {
      at = index->base.get();
    } else if (const auto* bit = std::get_if<BitRef>(&at->node)) {
      at = bit->base.get();
    } else if (const auto* field = std::get_if<FieldRef>(&at->node)) {
      const Type* base = field->base->type;
      if (base->kind == TypeKind::function_block) {
        const Variable& member = *base->pou->variables[field->index];
        if (member.storage != VariableClass::output) return true;
        sink_.report(Code::assignment_to_output, expr.span,
                     fmt::format("{} is an output of {}; only the block itself writes it",
                                 member.name, base->name));
        return false;
      }
      at = field->base.get();
    } else {
      break;
    }
  }
  const Variable* root = root_of(*at);
  if (root->constant) {
    sink_.report(Code::assignment_to_constant, expr.span,
                 fmt::format("{} is a constant", root->name),
                 "remove CONSTANT to make it variable");
    return false;
  }
  const bool own_input =
      root->storage == VariableClass::input && current_ != nullptr && root->owner == current_->pou;
  if (own_input) {
    sink_.report(Code::assignment_to_input, expr.span,
                 fmt::format("{} is an input; only the caller writes it", root->name),
                 "copy it into a VAR, or make it VAR_IN_OUT");
    return false;
  }
  return true;
}

Operand Checker::place(const ast::Expr& expr, Access access) {
  // A constant folds to a literal; find it by name to say what is wrong.
  Operand operand = check(expr);
  if (is_poison(operand)) return operand;
  const Variable* root = root_of(*operand.expr);
  if (root == nullptr) {
    const auto* name = std::get_if<ast::NameNode>(&expr.node);
    const auto* member = std::get_if<ast::MemberNode>(&expr.node);
    const bool literal = std::holds_alternative<Literal>(operand.expr->node);
    const bool constant = literal && (name != nullptr || member != nullptr);
    sink_.report(constant ? Code::assignment_to_constant : Code::not_a_variable, expr.span,
                 constant ? "this is a constant" : "a variable is needed here");
    return poison(expr.span);
  }
  if (access == Access::write && !writable(expr, *operand.expr)) return poison(expr.span);
  return operand;
}

}  // namespace wl::plc::lang
