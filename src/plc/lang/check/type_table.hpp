// Owns every Type of an application and knows the elementary ones by name.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "plc/lang/check/type.hpp"

namespace wl::plc::lang {

/// Types are interned: asking twice for STRING[20] gives the same address.
class TypeTable {
 public:
  TypeTable();

  const Type* of(TypeKind kind) const { return elementary_[static_cast<std::size_t>(kind)]; }
  const Type* string(std::uint32_t capacity);
  const Type* array(const Type* element, std::vector<Dimension> dimensions);
  /// A new enumeration, structure or function block.
  Type* make(TypeKind kind, std::string name);

  /// `INT`, `LREAL` … in any case; null when it is none. STRING is STRING[80].
  const Type* elementary(std::string_view name);

  std::vector<std::unique_ptr<Type>> take() { return std::move(types_); }

  // Types that exist only while checking; no node of a CheckedProgram has them.
  const Type* error() const { return &error_; }        ///< Of something already reported.
  const Type* any_int() const { return &any_int_; }    ///< Of `5`: takes the type it is used as.
  const Type* any_real() const { return &any_real_; }  ///< Of `1.5`.

 private:
  std::vector<std::unique_ptr<Type>> types_;
  std::vector<const Type*> elementary_;
  std::map<std::uint32_t, const Type*> strings_;
  Type error_;
  Type any_int_;
  Type any_real_;
};

inline constexpr std::uint32_t default_string_capacity = 80;

/// True when `value` is in the range of the integer, bit string, BOOL or enumeration type.
bool fits(std::int64_t value, TypeKind kind);
/// Cuts `value` to the width of the type and extends it again.
std::int64_t wrap(std::int64_t value, TypeKind kind);

}  // namespace wl::plc::lang
