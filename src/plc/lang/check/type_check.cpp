// From written types to Types.
#include <fmt/format.h>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

constexpr std::uint64_t largest_type = 16'777'216;  ///< Elementary values in one variable.
constexpr std::int64_t largest_string = 32'767;
constexpr std::size_t most_dimensions = 8;

constexpr std::string_view later_types[] = {"DATE",    "TOD",   "TIME_OF_DAY", "DT",
                                            "LDATE",   "LTOD",  "LDT",         "DATE_AND_TIME",
                                            "WSTRING", "WCHAR", "CHAR",        "__XWORD"};

/// Types of other languages, which no similarity of letters leads to ours.
struct ForeignType {
  std::string_view word;
  std::string_view ours;
};
constexpr ForeignType foreign_types[] = {
    {"FLOAT", "REAL"}, {"DOUBLE", "LREAL"}, {"BOOLEAN", "BOOL"},   {"INTEGER", "INT or DINT"},
    {"LONG", "DINT"},  {"SHORT", "INT"},    {"CHARACTER", "BYTE"}, {"UNSIGNED", "UINT or UDINT"}};

std::string foreign_type_hint(std::string_view word) {
  for (const ForeignType& known : foreign_types) {
    if (same_word(known.word, word)) return fmt::format("the type is called {}", known.ours);
  }
  return {};
}

}  // namespace

const Type* Checker::resolve(const ast::TypeSpec* spec) {
  if (spec == nullptr) return types_.error();
  if (const auto* named = std::get_if<ast::NamedSpec>(&spec->node))
    return resolve_name(named->name);
  if (const auto* array = std::get_if<ast::ArraySpec>(&spec->node)) {
    return resolve_array(*array, spec->span);
  }
  if (const auto* string = std::get_if<ast::StringSpec>(&spec->node))
    return resolve_string(*string);
  if (const auto* list = std::get_if<ast::EnumSpec>(&spec->node)) {
    return resolve_enum(*list, "(anonymous enumeration)", false);
  }
  if (const auto* structure = std::get_if<ast::StructSpec>(&spec->node)) {
    Type* type = types_.make(TypeKind::structure, "(anonymous structure)");
    resolve_struct(*structure, type);
    return type;
  }
  return types_.error();
}

const Type* Checker::resolve_name(const ast::Name& name) {
  if (name.text.empty()) return types_.error();
  if (const Type* elementary = types_.elementary(name.text)) return elementary;
  const std::string key = fold_case(name.text);
  if (const auto type = type_names_.find(key); type != type_names_.end()) {
    if (type->second.progress == Progress::running && type->second.type == nullptr) {
      sink_.report(Code::recursive_type, name.span,
                   fmt::format("the type {} is defined by itself", name.text));
      type->second.type = types_.error();
    }
    return resolve_entry(type->second);
  }
  if (const auto pou = pou_names_.find(key); pou != pou_names_.end()) {
    if (pou->second.pou->kind == PouKind::function_block) return pou->second.instance_type;
    sink_.report(Code::unknown_type, name.span,
                 fmt::format("{} is a {}, not a type", name.text,
                             pou->second.pou->kind == PouKind::function ? "FUNCTION" : "PROGRAM"));
    return types_.error();
  }
  for (const std::string_view later : later_types) {
    if (!same_word(later, name.text)) continue;
    sink_.report(Code::not_supported_yet, name.span,
                 fmt::format("the type {} is not supported yet", name.text));
    return types_.error();
  }
  std::vector<std::string_view> known = {"BOOL", "SINT",  "INT",   "DINT",   "LINT",  "USINT",
                                         "UINT", "UDINT", "BYTE",  "WORD",   "REAL",  "DWORD",
                                         "TIME", "LREAL", "LTIME", "STRING", "ULINT", "LWORD"};
  for (const auto& [folded, entry] : type_names_) known.push_back(entry.decl->name.text);
  for (const auto& [folded, entry] : pou_names_) {
    if (entry.pou->kind == PouKind::function_block) known.push_back(entry.decl->name.text);
  }
  const std::string foreign = foreign_type_hint(name.text);
  sink_.report(Code::unknown_type, name.span, fmt::format("there is no type {}", name.text),
               foreign.empty() ? suggestion(name.text, known) : foreign);
  return types_.error();
}

const Type* Checker::resolve_entry(TypeEntry& entry) {
  if (entry.type != nullptr) return entry.type;
  entry.progress = Progress::running;
  const ast::TypeSpec* spec = entry.decl->type.get();
  const std::string name(entry.decl->name.text);
  PouEntry* const around = std::exchange(current_, nullptr);
  const auto* list = spec ? std::get_if<ast::EnumSpec>(&spec->node) : nullptr;
  const auto* structure = spec ? std::get_if<ast::StructSpec>(&spec->node) : nullptr;
  if (list != nullptr) {
    Type* type = resolve_enum(*list, name, entry.qualified_only);
    entry.type = type;
    if (entry.decl->initial) {
      const Value value = initial_value(*entry.decl->initial, type);
      if (!value.is_default()) type->initial_ordinal = value.integer();
    }
  } else if (structure != nullptr) {
    Type* type = types_.make(TypeKind::structure, name);
    entry.type = type;  // known before its fields are, so that recursion is found by size
    resolve_struct(*structure, type);
  } else {
    const Type* type = resolve(spec);
    if (entry.type == nullptr) entry.type = type;
  }
  current_ = around;
  entry.progress = Progress::done;
  return entry.type;
}

std::optional<std::int64_t> Checker::constant_integer(const ast::ExprPtr& expr,
                                                      std::string_view what) {
  if (!expr) return std::nullopt;
  const Operand operand = check(*expr);
  if (is_poison(operand)) return std::nullopt;
  const auto* literal = std::get_if<Literal>(&operand.expr->node);
  const TypeKind kind = operand.expr->type->kind;
  const bool whole = is_integer(kind) || is_bit_string(kind) || kind == TypeKind::enumeration;
  if (literal == nullptr || !whole) {
    sink_.report(Code::not_constant, expr->span, fmt::format("{} must be a constant integer", what),
                 "use a number or a VAR CONSTANT");
    return std::nullopt;
  }
  return literal->value.integer();
}

const Type* Checker::resolve_string(const ast::StringSpec& spec) {
  if (!spec.capacity) return types_.string(default_string_capacity);
  const auto capacity = constant_integer(spec.capacity, "the length of a string");
  if (!capacity) return types_.error();
  if (*capacity < 1 || *capacity > largest_string) {
    sink_.report(Code::bad_array_bounds, spec.capacity->span,
                 fmt::format("a STRING has 1 to {} bytes, not {}", largest_string, *capacity));
    return types_.error();
  }
  return types_.string(static_cast<std::uint32_t>(*capacity));
}

const Type* Checker::resolve_array(const ast::ArraySpec& spec, Span span) {
  const Type* element = resolve(spec.element.get());
  std::vector<Dimension> dimensions;
  std::uint64_t total = 1;
  for (const ast::DimensionSpec& bounds : spec.dimensions) {
    const auto low = constant_integer(bounds.low, "an array bound");
    const auto high = constant_integer(bounds.high, "an array bound");
    if (!low || !high) return types_.error();
    if (*low > *high) {
      sink_.report(Code::bad_array_bounds, bounds.low->span,
                   fmt::format("the array begins at {} but ends at {}", *low, *high),
                   "write the smaller bound first");
      return types_.error();
    }
    const Dimension dimension{.low = *low, .high = *high};
    const std::uint64_t count = dimension.count();
    const bool fits_in = count != 0 && count <= largest_type && total * count <= largest_type;
    if (!fits_in || dimensions.size() >= most_dimensions) {
      sink_.report(Code::type_too_large, span,
                   fmt::format("this array has more than {} elements or {} dimensions",
                               largest_type, most_dimensions));
      return types_.error();
    }
    total *= count;
    dimensions.push_back(dimension);
  }
  if (element == types_.error() || dimensions.empty()) return types_.error();
  refuse_alias_initial(spec.element.get(), "the elements of an array do");
  return types_.array(element, std::move(dimensions));
}

Type* Checker::resolve_enum(const ast::EnumSpec& spec, std::string name, bool qualified_only) {
  Type* type = types_.make(TypeKind::enumeration, std::move(name));
  std::int64_t next = 0;
  std::map<std::string, Span> seen;
  for (const ast::EnumItem& item : spec.items) {
    if (item.value) next = constant_integer(item.value, "an enumeration value").value_or(next);
    if (!fits(next, TypeKind::int_)) {
      sink_.report(Code::literal_does_not_fit, item.name.span,
                   fmt::format("the value {} of {} does not fit into INT", next, item.name.text));
      next = 0;
    }
    const std::string key = fold_case(item.name.text);
    const auto [it, fresh] = seen.emplace(key, item.name.span);
    if (!fresh) {
      sink_
          .report(Code::duplicate_name, item.name.span,
                  fmt::format("the value {} exists already in this enumeration", item.name.text))
          .notes.push_back({it->second, "first declared here"});
      continue;
    }
    type->values.push_back(
        {.name = std::string(item.name.text), .value = next, .span = item.name.span});
    if (!qualified_only) enum_names_[key].emplace_back(type, next);
    ++next;
  }
  if (type->values.empty()) type->values.push_back({.name = "?", .value = 0, .span = {}});
  type->initial_ordinal = type->values.front().value;
  return type;
}

void Checker::resolve_struct(const ast::StructSpec& spec, Type* into) {
  std::map<std::string, Span> seen;
  for (const ast::VarDecl& decl : spec.fields) {
    const Type* type = resolve(decl.type.get());
    const std::size_t first = into->fields.size();
    for (const ast::Name& name : decl.names) {
      const auto [it, fresh] = seen.emplace(fold_case(name.text), name.span);
      if (!fresh) {
        sink_
            .report(Code::duplicate_name, name.span,
                    fmt::format("the field {} exists already in this structure", name.text))
            .notes.push_back({it->second, "first declared here"});
        continue;
      }
      into->fields.push_back({.name = std::string(name.text),
                              .type = type,
                              .initial = {},
                              .comment = std::string(decl.comment),
                              .span = name.span});
    }
    const ast::Expr* initial = written_initial(decl);
    const std::size_t count = into->fields.size() - first;
    if (initial == nullptr || type == types_.error() || count == 0) continue;
    pending_fields_.push_back({into, first, count, initial, current_});
  }
}

/// Counts elementary values, and finds types that contain themselves on the way.
std::uint64_t Checker::size_of(const Type* type, Span where) {
  if (is_elementary(type->kind)) return 1;
  if (const auto known = sizes_.find(type); known != sizes_.end()) return known->second;
  if (!measuring_.insert(type).second) {
    sink_.report(Code::recursive_type, where, fmt::format("{} contains itself", type->name),
                 "an instance of it would be endless");
    return sizes_[type] = 1;
  }
  std::uint64_t size = 0;
  if (type->kind == TypeKind::array) {
    size = size_of(type->element, where);
    for (const Dimension& dimension : type->dimensions) size *= dimension.count();
  }
  for (const Field& field : type->fields) size += size_of(field.type, field.span);
  if (type->pou != nullptr) {
    for (const std::unique_ptr<Variable>& variable : type->pou->variables) {
      const bool kept = variable->storage != VariableClass::in_out;
      if (kept) size += size_of(variable->type, variable->span);
    }
  }
  measuring_.erase(type);
  if (size > largest_type) {
    sink_.report(Code::type_too_large, where,
                 fmt::format("{} holds more than {} values", type->name, largest_type));
    size = 1;
  }
  return sizes_[type] = size;
}

void Checker::check_sizes() {
  for (const auto& [key, entry] : type_names_) size_of(entry.type, entry.decl->name.span);
  for (const auto& [key, entry] : pou_names_) {
    if (entry.instance_type != nullptr) size_of(entry.instance_type, entry.decl->name.span);
    for (const std::unique_ptr<Variable>& v : entry.pou->variables) size_of(v->type, v->span);
  }
  for (const GlobalList& list : program_.globals) {
    for (const std::unique_ptr<Variable>& v : list.variables) size_of(v->type, v->span);
  }
}

}  // namespace wl::plc::lang
