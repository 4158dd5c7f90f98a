// Values known at compile time: literals, constants, initial values.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace wl::plc::lang {

/// One value. Its type is that of the node or variable that holds it:
///  - std::monostate: "take the default": of the field, else of the type (see Type::initial)
///  - std::int64_t: BOOL (0, 1), integers, bit strings, enumerations (ordinal), TIME (ms, 0 …
///    2^32-1), LTIME (ns). ULINT and LWORD above 2^63 carry their bit pattern. Always in range.
///  - double: REAL (already rounded to float) and LREAL
///  - std::string: the bytes of a STRING, never longer than the capacity of the type
///  - std::vector<Value>: ARRAY (row-major, last index fastest; may be shorter than the array, the
///    rest takes the default), STRUCT (one per field, in field order), FUNCTION_BLOCK (one per
///    Pou::variables)
struct Value {
  std::variant<std::monostate, std::int64_t, double, std::string, std::vector<Value>> data;

  bool is_default() const { return data.index() == 0; }
  std::int64_t integer() const { return std::get<std::int64_t>(data); }
  double real() const { return std::get<double>(data); }
  const std::string& text() const { return std::get<std::string>(data); }
  const std::vector<Value>& elements() const { return std::get<std::vector<Value>>(data); }
};

}  // namespace wl::plc::lang
