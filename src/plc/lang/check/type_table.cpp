#include "plc/lang/check/type_table.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

struct ElementaryRow {
  std::string_view name;
  std::uint32_t bits;
};

/// In the order of TypeKind.
constexpr std::array<ElementaryRow, 17> rows{{{"BOOL", 1},
                                              {"SINT", 8},
                                              {"USINT", 8},
                                              {"BYTE", 8},
                                              {"INT", 16},
                                              {"UINT", 16},
                                              {"WORD", 16},
                                              {"DINT", 32},
                                              {"UDINT", 32},
                                              {"DWORD", 32},
                                              {"LINT", 64},
                                              {"ULINT", 64},
                                              {"LWORD", 64},
                                              {"REAL", 32},
                                              {"LREAL", 64},
                                              {"TIME", 32},
                                              {"LTIME", 64}}};

bool wide_unsigned(TypeKind kind) {
  return kind == TypeKind::ulint || kind == TypeKind::lword;
}

bool is_signed(TypeKind kind) {
  return is_signed_integer(kind) || kind == TypeKind::ltime || kind == TypeKind::enumeration;
}

}  // namespace

std::uint32_t bit_width(TypeKind kind) {
  if (kind == TypeKind::enumeration) return 16;
  const auto index = static_cast<std::size_t>(kind);
  return index < rows.size() ? rows[index].bits : 0;
}

bool fits(std::int64_t value, TypeKind kind) {
  if (kind == TypeKind::boolean) return value == 0 || value == 1;
  if (wide_unsigned(kind)) return value >= 0;
  return wrap(value, kind) == value;
}

std::int64_t wrap(std::int64_t value, TypeKind kind) {
  const std::uint32_t bits = bit_width(kind);
  if (bits == 0 || bits >= 64) return value;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  std::uint64_t cut = static_cast<std::uint64_t>(value) & mask;
  const bool negative = ((cut >> (bits - 1)) & 1U) != 0;
  if (is_signed(kind) && negative) cut |= ~mask;
  return static_cast<std::int64_t>(cut);
}

TypeTable::TypeTable() {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    elementary_.push_back(make(static_cast<TypeKind>(i), std::string(rows[i].name)));
  }
  error_.name = std::string("?");  // Not = "?": g++ 12 at -O3 sees a false overlap there.
  any_int_.kind = TypeKind::lint;
  any_int_.name = "integer literal";
  any_real_.kind = TypeKind::lreal;
  any_real_.name = "real literal";
}

Type* TypeTable::make(TypeKind kind, std::string name) {
  types_.push_back(std::make_unique<Type>());
  types_.back()->kind = kind;
  types_.back()->name = std::move(name);
  return types_.back().get();
}

const Type* TypeTable::string(std::uint32_t capacity) {
  const Type*& known = strings_[capacity];
  if (known == nullptr) {
    Type* made = make(TypeKind::string, capacity == default_string_capacity
                                            ? std::string("STRING")
                                            : fmt::format("STRING[{}]", capacity));
    made->capacity = capacity;
    known = made;
  }
  return known;
}

const Type* TypeTable::array(const Type* element, std::vector<Dimension> dimensions) {
  for (const std::unique_ptr<Type>& type : types_) {
    const bool same =
        type->kind == TypeKind::array && type->element == element && type->dimensions == dimensions;
    if (same) return type.get();
  }
  std::string bounds;
  for (const Dimension& d : dimensions) {
    bounds += fmt::format("{}{}..{}", bounds.empty() ? "" : ", ", d.low, d.high);
  }
  Type* made = make(TypeKind::array, fmt::format("ARRAY[{}] OF {}", bounds, element->name));
  made->element = element;
  made->dimensions = std::move(dimensions);
  return made;
}

const Type* TypeTable::elementary(std::string_view name) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (same_word(rows[i].name, name)) return elementary_[i];
  }
  return same_word(name, "STRING") ? string(default_string_capacity) : nullptr;
}

}  // namespace wl::plc::lang
