#include "plc/runtime/symbol_value.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace wl::plc {
namespace {

Symbol symbol_of(IecType type, std::uint32_t size) {
  Symbol symbol;
  symbol.path = "PLC_PRG.x";
  symbol.type = type;
  symbol.size = size;
  return symbol;
}

/// Encodes and reads back; the refusal's code when it was refused.
std::variant<Value, Quality> through(IecType type, std::uint32_t size, const Value& value) {
  std::array<std::byte, 32> bytes{};
  const Symbol symbol = symbol_of(type, size);
  const Quality answer = encode_symbol(symbol, value, std::span(bytes).first(size));
  if (!answer.is_good()) return answer;
  return read_symbol(bytes, symbol);
}

std::variant<Value, Quality> as(Value value) {
  return value;
}

TEST(SymbolValue, integers_keep_width_and_sign) {
  EXPECT_EQ(through(IecType::sint, 1, Value{std::int64_t{-128}}), as(std::int64_t{-128}));
  EXPECT_EQ(through(IecType::int_, 2, Value{std::int64_t{-2}}), as(std::int64_t{-2}));
  EXPECT_EQ(through(IecType::enumeration, 2, Value{std::int64_t{2}}), as(std::int64_t{2}));
  EXPECT_EQ(through(IecType::udint, 4, Value{std::uint64_t{4294967295}}),
            as(std::uint64_t{4294967295}));
  EXPECT_EQ(through(IecType::lint, 8, Value{std::numeric_limits<std::int64_t>::min()}),
            as(std::numeric_limits<std::int64_t>::min()));
}

TEST(SymbolValue, time_is_milliseconds_in_an_int32) {
  EXPECT_EQ(data_type_of(IecType::time), DataType::int32);
  EXPECT_EQ(through(IecType::time, 4, Value{std::int64_t{1500}}), as(std::int64_t{1500}));
}

TEST(SymbolValue, real_has_single_precision) {
  EXPECT_EQ(through(IecType::real, 4, Value{0.1}), as(double{0.1F}));
  EXPECT_EQ(through(IecType::lreal, 8, Value{0.1}), as(0.1));
}

TEST(SymbolValue, a_string_comes_back_without_its_padding) {
  EXPECT_EQ(through(IecType::string, 9, Value{std::string("Standby")}), as(std::string("Standby")));
  EXPECT_EQ(through(IecType::string, 8, Value{std::string("Standby")}), as(std::string("Standby")));
}

TEST(SymbolValue, what_is_out_of_range_is_refused_as_such) {
  const std::variant<Value, Quality> refused = refusal::out_of_range;
  EXPECT_EQ(through(IecType::byte_, 1, Value{std::uint64_t{300}}), refused);
  EXPECT_EQ(through(IecType::udint, 4, Value{std::int64_t{-1}}), refused);
  EXPECT_EQ(through(IecType::real, 4, Value{1e300}), refused);
  EXPECT_EQ(through(IecType::real, 4, Value{std::nan("")}), refused);
  EXPECT_EQ(through(IecType::lreal, 8, Value{std::numeric_limits<double>::infinity()}), refused);
  EXPECT_EQ(through(IecType::string, 4, Value{std::string("long")}), refused);
}

TEST(SymbolValue, another_kind_of_value_is_a_type_mismatch) {
  const std::variant<Value, Quality> refused = refusal::type_mismatch;
  EXPECT_EQ(through(IecType::boolean, 1, Value{std::int64_t{1}}), refused);
  EXPECT_EQ(through(IecType::real, 4, Value{true}), refused);
  EXPECT_EQ(through(IecType::int_, 2, Value{1.5}), refused);
  EXPECT_EQ(through(IecType::int_, 2, Value{std::string("1")}), refused);
  EXPECT_EQ(through(IecType::string, 8, Value{1.0}), refused);
}

TEST(SymbolValue, a_path_is_found_in_any_case) {
  const std::array symbols{symbol_of(IecType::real, 4)};
  EXPECT_EQ(find_symbol(symbols, "plc_prg.X"), std::optional<std::size_t>(0));
  EXPECT_EQ(find_symbol(symbols, "plc_prg.xy"), std::nullopt);
}

TEST(SymbolValue, typed_text_becomes_a_value_or_a_reason) {
  EXPECT_EQ(parse_value(symbol_of(IecType::boolean, 1), "TRUE").value(), Value{true});
  EXPECT_EQ(parse_value(symbol_of(IecType::int_, 2), "-3").value(), Value{std::int64_t{-3}});
  EXPECT_EQ(parse_value(symbol_of(IecType::int_, 2), "99999").error().what,
            "'99999' does not fit PLC_PRG.x (Int16)");
  EXPECT_EQ(parse_value(symbol_of(IecType::real, 4), "fast").error().what,
            "'fast' is not a number");
}

TEST(SymbolValue, text_of_a_real_is_as_short_as_its_precision) {
  EXPECT_EQ(format_value(Value{double{0.1F}}, DataType::float32), "0.1");
  EXPECT_EQ(format_value(Value{0.1}, DataType::float64), "0.1");
  EXPECT_EQ(format_value(Value{true}, DataType::boolean), "TRUE");
}

}  // namespace
}  // namespace wl::plc
