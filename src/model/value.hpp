// One value of a tag or PLC variable, with the OPC UA type that it has on the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.hpp"
#include "model/quality.hpp"

namespace wl {

/// OPC UA built-in scalar types that the line uses; in brackets the IEC 61131-3 type.
enum class DataType {
  boolean,  // BOOL
  sbyte,    // SINT
  byte,     // USINT, BYTE
  int16,    // INT
  uint16,   // UINT, WORD
  int32,    // DINT, and TIME as milliseconds
  uint32,   // UDINT, DWORD
  int64,    // LINT, and LTIME as nanoseconds
  uint64,   // ULINT, LWORD
  float32,  // REAL
  float64,  // LREAL
  string,   // STRING
};

/// `Boolean`, `SByte`, … `Float`, `Double`, `String`, as OPC UA and gateway.json spell them.
std::string_view data_type_name(DataType type);
std::optional<DataType> data_type_from_name(std::string_view name);

/// Signed and unsigned integers of every width are held wide; DataType says the width.
using Value = std::variant<bool, std::int64_t, std::uint64_t, double, std::string>;

/// The neutral value of a type: false, 0 or "".
Value zero_of(DataType type);

/// A number for the historian: false and true are 0 and 1. Nothing for a string.
std::optional<double> to_number(const Value& value);

/// `value` brought to the alternative and range of `type`; nothing when it does not fit (300 for
/// byte, 1.5 for an integer, text for a number). float32 is rounded to single precision.
std::optional<Value> convert(const Value& value, DataType type);

/// A value with the time at which it arose and its quality: OPC UA DataValue.
struct DataValue {
  Value value;
  Quality quality;
  Timestamp source_time{};

  bool operator==(const DataValue&) const = default;
};

}  // namespace wl
