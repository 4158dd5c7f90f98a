#include "model/value.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace wl {
namespace {

constexpr std::array<std::string_view, 12> names{"Boolean", "SByte", "Byte",   "Int16",
                                                 "UInt16",  "Int32", "UInt32", "Int64",
                                                 "UInt64",  "Float", "Double", "String"};

struct Range {
  std::int64_t low;
  std::uint64_t high;
};

template <class T>
constexpr Range range_of() {
  return {static_cast<std::int64_t>(std::numeric_limits<T>::min()),
          static_cast<std::uint64_t>(std::numeric_limits<T>::max())};
}

std::optional<Range> integer_range(DataType type) {
  switch (type) {
    case DataType::sbyte:
      return range_of<std::int8_t>();
    case DataType::byte:
      return range_of<std::uint8_t>();
    case DataType::int16:
      return range_of<std::int16_t>();
    case DataType::uint16:
      return range_of<std::uint16_t>();
    case DataType::int32:
      return range_of<std::int32_t>();
    case DataType::uint32:
      return range_of<std::uint32_t>();
    case DataType::int64:
      return range_of<std::int64_t>();
    case DataType::uint64:
      return range_of<std::uint64_t>();
    default:
      return std::nullopt;
  }
}

bool is_unsigned(DataType type) {
  return type == DataType::byte || type == DataType::uint16 || type == DataType::uint32 ||
         type == DataType::uint64;
}

/// The integer inside `value`, if it is one exactly.
std::optional<Value> exact_integer(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return Value{std::int64_t{*flag}};
  if (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<std::uint64_t>(value)) {
    return value;
  }
  const auto* real = std::get_if<double>(&value);
  if (!real || std::trunc(*real) != *real) return std::nullopt;
  if (*real >= -0x1p63 && *real < 0x1p63) return Value{static_cast<std::int64_t>(*real)};
  if (*real >= 0 && *real < 0x1p64) return Value{static_cast<std::uint64_t>(*real)};
  return std::nullopt;
}

std::optional<Value> to_integer(const Value& value, DataType type, Range range) {
  const auto integer = exact_integer(value);
  if (!integer) return std::nullopt;
  if (const auto* i = std::get_if<std::int64_t>(&*integer)) {
    if (*i < range.low || (*i > 0 && static_cast<std::uint64_t>(*i) > range.high)) {
      return std::nullopt;
    }
    return is_unsigned(type) ? Value{static_cast<std::uint64_t>(*i)} : Value{*i};
  }
  const auto u = std::get<std::uint64_t>(*integer);
  if (u > range.high) return std::nullopt;
  return is_unsigned(type) ? Value{u} : Value{static_cast<std::int64_t>(u)};
}

}  // namespace

std::string_view data_type_name(DataType type) {
  return names[static_cast<std::size_t>(type)];
}

std::optional<DataType> data_type_from_name(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<DataType>(i);
  }
  return std::nullopt;
}

Value zero_of(DataType type) {
  if (type == DataType::boolean) return false;
  if (type == DataType::string) return std::string{};
  if (type == DataType::float32 || type == DataType::float64) return 0.0;
  if (is_unsigned(type)) return std::uint64_t{0};
  return std::int64_t{0};
}

std::optional<double> to_number(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1.0 : 0.0;
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  if (const auto* u = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*u);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

std::optional<Value> convert(const Value& value, DataType type) {
  if (type == DataType::string) {
    return std::holds_alternative<std::string>(value) ? std::optional(value) : std::nullopt;
  }
  const auto number = to_number(value);
  if (!number) return std::nullopt;
  if (type == DataType::boolean) {
    if (*number != 0.0 && *number != 1.0) return std::nullopt;
    return Value{*number == 1.0};
  }
  if (type == DataType::float64) return Value{*number};
  if (type == DataType::float32) {
    if (std::isfinite(*number) && std::abs(*number) > double(std::numeric_limits<float>::max())) {
      return std::nullopt;
    }
    return Value{static_cast<double>(static_cast<float>(*number))};
  }
  return to_integer(value, type, *integer_range(type));
}

}  // namespace wl
