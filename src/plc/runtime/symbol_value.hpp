// A variable of the state block as a value that leaves the PLC, and back.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/quality.hpp"
#include "model/value.hpp"
#include "plc/codegen/native_program.hpp"

namespace wl::plc {

/// What a refused write is answered with: StatusCodes of IEC 62541-4.
namespace refusal {
inline constexpr Quality not_writable{0x803B0000};
inline constexpr Quality out_of_range{0x803C0000};
inline constexpr Quality type_mismatch{0x80740000};
inline constexpr Quality too_many_operations{0x80100000};
}  // namespace refusal

/// REAL is Float, LREAL Double, BYTE Byte, WORD UInt16, TIME Int32 (ms), LTIME Int64 (ns), an
/// enumeration Int16, STRING String; every integer the type of its width and sign.
DataType data_type_of(IecType type);

/// Reads one variable. `state` is the whole state block.
Value read_symbol(std::span<const std::byte> state, const Symbol& symbol);

/// Turns `value` into the symbol.size bytes of the variable. Returns Good, or
/// - Bad_TypeMismatch: text for a number, a number for BOOL, a fraction for an integer;
/// - Bad_OutOfRange: 300 for BYTE, a text longer than the STRING, NaN or infinity (a setpoint
///   that is no number must not reach the plant). `out` is then unchanged.
Quality encode_symbol(const Symbol& symbol, const Value& value, std::span<std::byte> out);

/// A value as typed by a person for this variable: `TRUE`, `-3`, `1.5`, `text`.
Result<Value> parse_value(const Symbol& symbol, std::string_view text);

/// `TRUE`, `-3`, `1.5`, `text`: shortest form that reads back the same.
std::string format_value(const Value& value, DataType type);

/// Index of the variable with this path; identifiers are compared without case (IEC 61131-3).
std::optional<std::size_t> find_symbol(std::span<const Symbol> symbols, std::string_view path);

}  // namespace wl::plc
