#include "model/value.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace wl {
namespace {

TEST(DataType, names_are_those_of_opc_ua_and_read_back) {
  EXPECT_EQ(data_type_name(DataType::boolean), "Boolean");
  EXPECT_EQ(data_type_name(DataType::float32), "Float");
  EXPECT_EQ(data_type_name(DataType::string), "String");
  EXPECT_EQ(data_type_from_name("UInt32"), DataType::uint32);
  EXPECT_EQ(data_type_from_name("REAL"), std::nullopt);
}

TEST(Convert, an_integer_must_fit_into_its_type) {
  EXPECT_EQ(convert(std::int64_t{255}, DataType::byte), Value{std::uint64_t{255}});
  EXPECT_EQ(convert(std::int64_t{256}, DataType::byte), std::nullopt);
  EXPECT_EQ(convert(std::int64_t{-1}, DataType::uint64), std::nullopt);
  EXPECT_EQ(convert(std::uint64_t{40'000}, DataType::int16), std::nullopt);
  EXPECT_EQ(convert(std::int64_t{-32'768}, DataType::int16), Value{std::int64_t{-32'768}});
}

TEST(Convert, the_largest_unsigned_number_is_kept_exactly) {
  constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(convert(largest, DataType::uint64), Value{largest});
  EXPECT_EQ(convert(largest, DataType::int64), std::nullopt);
}

TEST(Convert, only_a_whole_real_becomes_an_integer) {
  EXPECT_EQ(convert(3.0, DataType::int32), Value{std::int64_t{3}});
  EXPECT_EQ(convert(1.5, DataType::int32), std::nullopt);
  EXPECT_EQ(convert(1e30, DataType::int64), std::nullopt);
  EXPECT_EQ(convert(std::numeric_limits<double>::quiet_NaN(), DataType::int32), std::nullopt);
}

TEST(Convert, a_float_is_rounded_to_single_precision) {
  EXPECT_EQ(convert(0.1, DataType::float32), Value{double(0.1F)});
  EXPECT_EQ(convert(1e300, DataType::float32), std::nullopt);
}

TEST(Convert, a_boolean_is_zero_or_one_and_nothing_else) {
  EXPECT_EQ(convert(std::int64_t{1}, DataType::boolean), Value{true});
  EXPECT_EQ(convert(std::int64_t{2}, DataType::boolean), std::nullopt);
  EXPECT_EQ(convert(true, DataType::int16), Value{std::int64_t{1}});
}

TEST(Convert, text_stays_text) {
  EXPECT_EQ(convert(std::string("5"), DataType::string), Value{std::string("5")});
  EXPECT_EQ(convert(std::string("5"), DataType::int32), std::nullopt);
  EXPECT_EQ(convert(5.0, DataType::string), std::nullopt);
}

TEST(Value, the_neutral_value_has_the_alternative_of_its_type) {
  EXPECT_EQ(zero_of(DataType::boolean), Value{false});
  EXPECT_EQ(zero_of(DataType::uint16), Value{std::uint64_t{0}});
  EXPECT_EQ(zero_of(DataType::int16), Value{std::int64_t{0}});
  EXPECT_EQ(zero_of(DataType::float64), Value{0.0});
  EXPECT_EQ(zero_of(DataType::string), Value{std::string{}});
}

TEST(Value, a_number_for_the_historian) {
  EXPECT_EQ(to_number(true), 1.0);
  EXPECT_EQ(to_number(std::int64_t{-7}), -7.0);
  EXPECT_EQ(to_number(std::string("7")), std::nullopt);
}

TEST(Quality, its_severity_decides) {
  EXPECT_TRUE(quality::good.is_good());
  EXPECT_TRUE(quality::uncertain_last_usable.is_uncertain());
  EXPECT_TRUE(quality::bad_no_communication.is_bad());
  EXPECT_EQ(Quality{0xC0000000}.word(), "bad");
  EXPECT_EQ(Quality{0x00300000}.word(), "good");
}

}  // namespace
}  // namespace wl
