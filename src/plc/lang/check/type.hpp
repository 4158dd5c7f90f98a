// Types of IEC 61131-3 after checking. Interned: two types are equal when their addresses are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plc/lang/check/value.hpp"
#include "plc/lang/source/span.hpp"

namespace wl::plc::lang {

struct Pou;

enum class TypeKind : std::uint8_t {
  boolean,
  sint,
  usint,
  byte_,
  int_,
  uint_,
  word,
  dint,
  udint,
  dword,
  lint,
  ulint,
  lword,
  real,            ///< 32-bit IEEE 754.
  lreal,           ///< 64-bit IEEE 754.
  time,            ///< Unsigned 32-bit milliseconds; wraps.
  ltime,           ///< Signed 64-bit nanoseconds; wraps.
  string,          ///< Single bytes (UTF-8 passes through), NUL-terminated, `capacity` bytes.
  enumeration,     ///< 16-bit signed, like INT.
  structure,       ///< `fields`.
  array,           ///< `element`, `dimensions`.
  function_block,  ///< An instance of `pou`: holds all its variables but in_out and temp.
};

/// Inclusive bounds of one dimension; low <= high.
struct Dimension {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::uint64_t count() const { return static_cast<std::uint64_t>(high - low) + 1; }
  bool operator==(const Dimension&) const = default;
};

struct EnumValue {
  std::string name;  ///< In the spelling of the declaration.
  std::int64_t value = 0;
  Span span;
};

struct Type;

struct Field {
  std::string name;
  const Type* type = nullptr;
  Value initial;  ///< Default value: take the default of `type`.
  std::string comment;
  Span span;
};

/// One type. An alias (`T_Speed : REAL`) is its target: it has no Type of its own.
///
/// Without an initial value a variable starts at: FALSE, 0, 0.0, T#0s, '' — an enumeration at
/// `initial_ordinal`, a structure at its fields' initial values, a function block at its
/// variables' initial values, an array at that of each element.
struct Type {
  TypeKind kind = TypeKind::boolean;
  std::string name;  ///< As printed to people: `INT`, `STRING[20]`, `ARRAY[0..3] OF REAL`, `E_X`.

  std::uint32_t capacity = 0;  ///< string: bytes without the NUL; 1 … 32,767 (0 for '' literals).

  std::vector<EnumValue> values;     ///< enumeration: in declaration order, not empty.
  std::int64_t initial_ordinal = 0;  ///< enumeration.

  std::vector<Field> fields;  ///< structure: in declaration order, not empty.

  const Type* element = nullptr;      ///< array; never itself an array literal type of size 0.
  std::vector<Dimension> dimensions;  ///< array: 1 … 8; product of counts <= 16,777,216.

  const Pou* pou = nullptr;  ///< function_block.
};

inline bool is_signed_integer(TypeKind k) {
  return k == TypeKind::sint || k == TypeKind::int_ || k == TypeKind::dint || k == TypeKind::lint;
}
inline bool is_unsigned_integer(TypeKind k) {
  return k == TypeKind::usint || k == TypeKind::uint_ || k == TypeKind::udint ||
         k == TypeKind::ulint;
}
inline bool is_integer(TypeKind k) {
  return is_signed_integer(k) || is_unsigned_integer(k);
}
/// BYTE … LWORD. BOOL is not one of them.
inline bool is_bit_string(TypeKind k) {
  return k == TypeKind::byte_ || k == TypeKind::word || k == TypeKind::dword ||
         k == TypeKind::lword;
}
inline bool is_real(TypeKind k) {
  return k == TypeKind::real || k == TypeKind::lreal;
}
inline bool is_time(TypeKind k) {
  return k == TypeKind::time || k == TypeKind::ltime;
}
/// Has no parts: everything but structure, array and function_block.
inline bool is_elementary(TypeKind k) {
  return k <= TypeKind::enumeration;
}

/// Width in bits of the scalar; 0 for string and everything that has parts. BOOL is 1.
std::uint32_t bit_width(TypeKind kind);

}  // namespace wl::plc::lang
