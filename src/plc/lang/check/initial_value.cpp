// Initial values: folded at compile time, for elementary variables, arrays, structures, instances.
#include <fmt/format.h>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

constexpr std::size_t most_elements = 1'048'576;  ///< Of one `[…]`, repetitions counted.

std::uint64_t element_count(const Type& array) {
  std::uint64_t count = 1;
  for (const Dimension& dimension : array.dimensions) count *= dimension.count();
  return count;
}

}  // namespace

/// Its own `:= …`, or that of the alias which names its type (`T_Speed : REAL := 1.5`).
const ast::Expr* Checker::written_initial(const ast::VarDecl& decl) {
  return decl.initial ? decl.initial.get() : alias_initial(decl.type.get());
}

/// Null when the type is no alias, or one without an initial value.
const ast::Expr* Checker::alias_initial(const ast::TypeSpec* spec) {
  for (int hops = 0; spec != nullptr && hops < 64; ++hops) {
    const auto* named = std::get_if<ast::NamedSpec>(&spec->node);
    if (named == nullptr) return nullptr;
    const auto found = type_names_.find(fold_case(named->name.text));
    if (found == type_names_.end()) return nullptr;
    const ast::TypeDecl& alias = *found->second.decl;
    const bool enumeration = alias.type && std::holds_alternative<ast::EnumSpec>(alias.type->node);
    if (enumeration) return nullptr;  // it is in Type::initial_ordinal
    if (alias.initial) return alias.initial.get();
    spec = alias.type.get();
  }
  return nullptr;
}

/// An alias is its target, so whoever knows only the type cannot see the value. Said, not ignored.
void Checker::refuse_alias_initial(const ast::TypeSpec* spec, std::string_view where) {
  if (alias_initial(spec) == nullptr) return;
  const auto& alias = std::get<ast::NamedSpec>(spec->node).name;
  sink_.report(Code::not_supported_yet, spec->span,
               fmt::format("{} not take the initial value of the type {} yet", where, alias.text),
               "use the type behind the alias and write the value where it is needed");
}

void Checker::finish_fields() {
  for (const PendingFields& pending : pending_fields_) {
    const Type* type = pending.structure->fields[pending.first].type;
    PouEntry* const around = std::exchange(current_, pending.scope);
    const Value value = initial_value(*pending.initial, type);
    current_ = around;
    for (std::size_t i = 0; i < pending.count; ++i) {
      pending.structure->fields[pending.first + i].initial = value;
    }
  }
}

const Value& Checker::initial_of(Variable& variable) {
  const auto found = initials_.find(&variable);
  if (found == initials_.end()) return variable.initial;
  PendingInitial& pending = found->second;
  if (pending.progress == Progress::running) {
    sink_.report(Code::not_constant, variable.span,
                 fmt::format("the initial value of {} depends on itself", variable.name));
    pending.progress = Progress::done;
  }
  if (pending.progress == Progress::done) return variable.initial;
  pending.progress = Progress::running;
  const Type* type = type_of(variable);
  const ast::Expr* expr = pending.decl ? written_initial(*pending.decl) : nullptr;
  if (expr != nullptr && type != types_.error()) {
    PouEntry* const around = std::exchange(current_, pending.scope);
    if (variable.storage == VariableClass::in_out) {
      sink_.report(
          Code::bad_initial_value, expr->span,
          fmt::format("VAR_IN_OUT {} is a reference and has no initial value", variable.name));
    } else {
      variable.initial = initial_value(*expr, type);
    }
    current_ = around;
  }
  pending.progress = Progress::done;
  return variable.initial;
}

Value Checker::initial_value(const ast::Expr& expr, const Type* type) {
  if (const auto* array = std::get_if<ast::ArrayNode>(&expr.node)) {
    if (type->kind == TypeKind::array) return array_value(*array, type);
    sink_.report(Code::bad_initial_value, expr.span,
                 fmt::format("[…] initialises an array, but this is {}", type->name));
    return {};
  }
  if (const auto* fields = std::get_if<ast::FieldsNode>(&expr.node)) {
    const bool parts = type->kind == TypeKind::structure || type->kind == TypeKind::function_block;
    if (parts) return fields_value(*fields, type);
    sink_.report(
        Code::bad_initial_value, expr.span,
        fmt::format("(name := value) initialises a structure, but this is {}", type->name));
    return {};
  }
  Operand operand = check(expr, type);
  if (is_poison(operand)) return {};
  if (!is_elementary(type->kind)) {
    // A structure or array constant as the initial value of another one.
    const auto* ref = std::get_if<VariableRef>(&operand.expr->node);
    const bool copy = ref != nullptr && ref->variable->constant && operand.expr->type == type;
    if (copy) return initial_of(const_cast<Variable&>(*ref->variable));
    sink_.report(Code::bad_initial_value, expr.span,
                 fmt::format("this is no initial value for {}", type->name),
                 type->kind == TypeKind::array ? "write [1, 2, 3(0)]" : "write (name := value)");
    return {};
  }
  const std::size_t before = sink_.size();
  ExprPtr value = coerce(std::move(operand), type);
  if (auto* literal = std::get_if<Literal>(&value->node)) {
    if (type->kind == TypeKind::string && literal->value.text().size() > type->capacity) {
      sink_.report(Code::bad_initial_value, expr.span,
                   fmt::format("this text has {} bytes, but {} holds {}",
                               literal->value.text().size(), type->name, type->capacity));
      return {};
    }
    return std::move(literal->value);
  }
  if (sink_.size() == before) {
    const bool call = std::holds_alternative<ast::CallNode>(expr.node);
    sink_.report(Code::not_constant, expr.span,
                 call ? "a function is not called for an initial value"
                      : "an initial value must be constant",
                 call ? "write the result itself, or assign it in the body"
                      : "assign it in the body instead, or use a VAR CONSTANT");
  }
  return {};
}

Value Checker::array_value(const ast::ArrayNode& node, const Type* type) {
  const std::uint64_t room = element_count(*type);
  std::vector<Value> values;
  for (const ast::ArrayElement& element : node.elements) {
    std::int64_t times = 1;
    if (element.repeat) {
      const auto count = constant_integer(element.repeat, "the number of repetitions");
      if (!count) return {};
      times = *count;
    }
    const Span span = element.value ? element.value->span : element.repeat->span;
    const auto wanted = static_cast<std::uint64_t>(times < 0 ? 0 : times);
    if (times < 0 || wanted > room - values.size()) {
      sink_.report(Code::bad_initial_value, span,
                   fmt::format("{} has {} elements; here are more values", type->name, room));
      return {};
    }
    if (wanted + values.size() > most_elements) {
      sink_.report(Code::type_too_large, span,
                   fmt::format("more than {} initial values", most_elements));
      return {};
    }
    const Value value = element.value ? initial_value(*element.value, type->element) : Value{};
    values.insert(values.end(), static_cast<std::size_t>(times), value);
  }
  return {std::move(values)};
}

Value Checker::fields_value(const ast::FieldsNode& node, const Type* type) {
  const bool instance = type->kind == TypeKind::function_block;
  const std::size_t count = instance ? type->pou->variables.size() : type->fields.size();
  std::vector<Value> values(count);
  for (const ast::Argument& field : node.fields) {
    if (field.form != ast::ArgumentForm::input || !field.value) {
      sink_.report(Code::bad_initial_value, field.span,
                   "an initial value is written name := value");
      continue;
    }
    std::size_t index = 0;
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < count; ++i) {
      known.push_back(instance ? std::string_view(type->pou->variables[i]->name)
                               : std::string_view(type->fields[i].name));
      if (!same_word(known.back(), field.name.text))
        ++index;
      else
        break;
    }
    if (index == count) {
      sink_.report(Code::unknown_member, field.name.span,
                   fmt::format("{} has no {}", type->name, field.name.text),
                   suggestion(field.name.text, known));
      continue;
    }
    const Type* part = instance ? type->pou->variables[index]->type : type->fields[index].type;
    const bool reference =
        instance && type->pou->variables[index]->storage == VariableClass::in_out;
    if (reference) {
      sink_.report(Code::bad_initial_value, field.span,
                   fmt::format("{} is a VAR_IN_OUT and has no initial value", field.name.text));
    } else if (part != nullptr && part != types_.error()) {
      values[index] = initial_value(*field.value, part);
    }
  }
  return {std::move(values)};
}

}  // namespace wl::plc::lang
