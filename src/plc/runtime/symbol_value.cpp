#include "plc/runtime/symbol_value.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "base/check.hpp"
#include "base/quantity.hpp"

namespace wl::plc {
namespace {

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
void store(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

Value load_integer(DataType type, const std::byte* at) {
  switch (type) {
    case DataType::sbyte:
      return std::int64_t{load<std::int8_t>(at)};
    case DataType::int16:
      return std::int64_t{load<std::int16_t>(at)};
    case DataType::int32:
      return std::int64_t{load<std::int32_t>(at)};
    case DataType::int64:
      return load<std::int64_t>(at);
    case DataType::byte:
      return std::uint64_t{load<std::uint8_t>(at)};
    case DataType::uint16:
      return std::uint64_t{load<std::uint16_t>(at)};
    case DataType::uint32:
      return std::uint64_t{load<std::uint32_t>(at)};
    default:
      return load<std::uint64_t>(at);
  }
}

bool is_integer(DataType type) {
  return type >= DataType::sbyte && type <= DataType::uint64;
}

/// Little-endian and two's complement: the low bytes of the wide value are the narrow value.
void store_integer(const Value& value, std::span<std::byte> out) {
  const std::uint64_t bits = std::holds_alternative<std::int64_t>(value)
                                 ? static_cast<std::uint64_t>(std::get<std::int64_t>(value))
                                 : std::get<std::uint64_t>(value);
  std::memcpy(out.data(), &bits, out.size());
}

Quality encode_text(const Symbol& symbol, const Value& value, std::span<std::byte> out) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return refusal::type_mismatch;
  if (text->size() >= symbol.size || text->find('\0') != std::string::npos) {
    return refusal::out_of_range;
  }
  std::memset(out.data(), 0, out.size());
  std::memcpy(out.data(), text->data(), text->size());
  return quality::good;
}

/// False for text or BOOL where a number is due (and the reverse), and for a fraction or NaN where
/// an integer is due: no range would make it fit.
bool same_kind(const Value& value, DataType type) {
  if (std::holds_alternative<std::string>(value)) return false;
  if (std::holds_alternative<bool>(value) != (type == DataType::boolean)) return false;
  const auto* number = std::get_if<double>(&value);
  return number == nullptr || !is_integer(type) || *number == std::trunc(*number);
}

}  // namespace

DataType data_type_of(IecType type) {
  switch (type) {
    case IecType::boolean:
      return DataType::boolean;
    case IecType::sint:
      return DataType::sbyte;
    case IecType::usint:
    case IecType::byte_:
      return DataType::byte;
    case IecType::int_:
    case IecType::enumeration:
      return DataType::int16;
    case IecType::uint_:
    case IecType::word:
      return DataType::uint16;
    case IecType::dint:
    case IecType::time:
      return DataType::int32;
    case IecType::udint:
    case IecType::dword:
      return DataType::uint32;
    case IecType::lint:
    case IecType::ltime:
      return DataType::int64;
    case IecType::ulint:
    case IecType::lword:
      return DataType::uint64;
    case IecType::real:
      return DataType::float32;
    case IecType::lreal:
      return DataType::float64;
    case IecType::string:
      return DataType::string;
  }
  WL_CHECK(!"a type of the compiler that the runtime does not know");
  return DataType::boolean;
}

Value read_symbol(std::span<const std::byte> state, const Symbol& symbol) {
  const std::byte* at = state.data() + symbol.offset;
  const DataType type = data_type_of(symbol.type);
  switch (type) {
    case DataType::boolean:
      return load<std::uint8_t>(at) != 0;
    case DataType::float32:
      return double{load<float>(at)};
    case DataType::float64:
      return load<double>(at);
    case DataType::string: {
      const auto* text = reinterpret_cast<const char*>(at);
      return std::string(text, ::strnlen(text, symbol.size));
    }
    default:
      return load_integer(type, at);
  }
}

Quality encode_symbol(const Symbol& symbol, const Value& value, std::span<std::byte> out) {
  WL_CHECK(out.size() == symbol.size);
  const DataType type = data_type_of(symbol.type);
  if (type == DataType::string) return encode_text(symbol, value, out);
  if (!same_kind(value, type)) return refusal::type_mismatch;
  const auto fitting = convert(value, type);
  if (!fitting) return refusal::out_of_range;
  if (type == DataType::boolean) {
    store(out.data(), static_cast<std::uint8_t>(std::get<bool>(*fitting)));
  } else if (const auto* number = std::get_if<double>(&*fitting)) {
    if (!std::isfinite(*number)) return refusal::out_of_range;
    if (type == DataType::float32) {
      store(out.data(), static_cast<float>(*number));
    } else {
      store(out.data(), *number);
    }
  } else {
    store_integer(*fitting, out);
  }
  return quality::good;
}

Result<Value> parse_value(const Symbol& symbol, std::string_view text) {
  const DataType type = data_type_of(symbol.type);
  if (type == DataType::string) return Value{std::string(text)};
  if (type == DataType::boolean) {
    const auto flag = parse_bool(text);
    if (!flag) return std::unexpected(flag.error());
    return Value{*flag};
  }
  double number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return fail(Errc::invalid_argument, fmt::format("'{}' is not a number", text));
  }
  auto fitting = convert(Value{number}, type);
  if (!fitting) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' does not fit {} ({})", text, symbol.path, data_type_name(type)));
  }
  return *fitting;
}

std::string format_value(const Value& value, DataType type) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "TRUE" : "FALSE";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) {
    if (type == DataType::float32) return fmt::format("{}", static_cast<float>(*number));
    return fmt::format("{}", *number);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  return fmt::format("{}", std::get<std::uint64_t>(value));
}

std::optional<std::size_t> find_symbol(std::span<const Symbol> symbols, std::string_view path) {
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const std::string& candidate = symbols[i].path;
    if (candidate.size() == path.size() &&
        ::strncasecmp(candidate.data(), path.data(), path.size()) == 0) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace wl::plc
