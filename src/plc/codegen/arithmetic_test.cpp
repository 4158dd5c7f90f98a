// Numbers: widths, signs, rounding, shifts.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "plc/codegen/rig/scan_rig.hpp"

namespace wl::plc {
namespace {

using rig::ScanRig;

TEST(Arithmetic, integers_wrap_at_their_width_when_they_are_stored) {
  auto rig = ScanRig::of(
      "s : SINT := 127; us : USINT; i : INT := 32767; d : DINT := 2147483647; l : LINT := "
      "9223372036854775807; u : UDINT;",
      "s := s + 1; us := us - 1; i := i + 1; d := d + 1; l := l + 1; u := u - 1;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int8_t>("s"), -128);
  EXPECT_EQ(rig.get<std::uint8_t>("us"), 255);
  EXPECT_EQ(rig.get<std::int16_t>("i"), -32768);
  EXPECT_EQ(rig.get<std::int32_t>("d"), INT32_MIN);
  EXPECT_EQ(rig.get<std::int64_t>("l"), INT64_MIN);
  EXPECT_EQ(rig.get<std::uint32_t>("u"), UINT32_MAX);
}

TEST(Arithmetic, a_product_of_two_int_is_computed_in_dint) {
  auto rig = ScanRig::of("a, b : INT := 300; d : DINT;", "d := a * b;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int32_t>("d"), 90000);
}

TEST(Arithmetic, the_sign_of_mod_is_that_of_the_left_operand) {
  auto rig = ScanRig::of("m7 : INT := -7; p7 : INT := 7; three : INT := 3; a, b : INT;",
                         "a := m7 MOD three; b := p7 MOD (-three);");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("a"), -1);
  EXPECT_EQ(rig.get<std::int16_t>("b"), 1);
}

TEST(Arithmetic, the_minimum_divided_by_minus_one_wraps) {
  auto rig = ScanRig::of("d : DINT := -2147483648; one : DINT := -1; q, m : DINT := 5;",
                         "q := d / one; m := d MOD one;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int32_t>("q"), INT32_MIN);
  EXPECT_EQ(rig.get<std::int32_t>("m"), 0);
}

TEST(Arithmetic, real_to_int_rounds_half_to_even) {
  auto rig = ScanRig::of(
      "x : REAL := 2.5; y : REAL := 3.5; z : REAL := -2.5; a, b, c, t : INT;",
      "a := REAL_TO_INT(x); b := REAL_TO_INT(y); c := REAL_TO_INT(z); t := TRUNC_INT(y);");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("a"), 2);
  EXPECT_EQ(rig.get<std::int16_t>("b"), 4);
  EXPECT_EQ(rig.get<std::int16_t>("c"), -2);
  EXPECT_EQ(rig.get<std::int16_t>("t"), 3);
}

TEST(Arithmetic, real_to_integer_saturates_and_nan_is_zero) {
  auto rig = ScanRig::of(
      "big : REAL := 1E9; neg : REAL := -5.0; zero : REAL; i : INT; u : USINT; n : DINT := 7;",
      "i := REAL_TO_INT(big); u := REAL_TO_USINT(neg); n := REAL_TO_DINT(zero / zero);");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("i"), 32767);
  EXPECT_EQ(rig.get<std::uint8_t>("u"), 0);
  EXPECT_EQ(rig.get<std::int32_t>("n"), 0);
}

TEST(Arithmetic, real_has_32_bits) {
  auto rig = ScanRig::of("r : REAL := 16777216.0; l : LREAL := 16777216.0;",
                         "r := r + 1.0; l := l + 1.0;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<float>("r"), 16777216.0F);
  EXPECT_EQ(rig.get<double>("l"), 16777217.0);
}

TEST(Arithmetic, a_shift_by_the_width_or_more_gives_zero) {
  auto rig = ScanRig::of("w : WORD := 16#8001; n : INT := 16; a, b, c : WORD := 1; r : WORD;",
                         "a := SHL(w, n); b := SHR(w, n); c := SHL(w, 1); r := ROL(w, 17);");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::uint16_t>("a"), 0);
  EXPECT_EQ(rig.get<std::uint16_t>("b"), 0);
  EXPECT_EQ(rig.get<std::uint16_t>("c"), 2);
  EXPECT_EQ(rig.get<std::uint16_t>("r"), 3);
}

TEST(Arithmetic, bits_are_read_and_written_by_number) {
  auto rig = ScanRig::of("w : WORD := 16#0004; b : BOOL;", "b := w.2; w.15 := b; w.2 := FALSE;");
  ASSERT_FALSE(rig.scan());
  EXPECT_TRUE(rig.boolean("b"));
  EXPECT_EQ(rig.get<std::uint16_t>("w"), 0x8000);
}

TEST(Arithmetic, time_wraps_and_scales) {
  auto rig = ScanRig::of("t : TIME; u : TIME := T#10s; h : TIME;", "t := t - T#1ms; h := u / 4;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::uint32_t>("t"), UINT32_MAX);
  EXPECT_EQ(rig.get<std::uint32_t>("h"), 2500U);
}

TEST(Arithmetic, selection_functions_choose_by_value) {
  auto rig = ScanRig::of("a : INT := 5; lo, hi, mid, s, m : INT; k : INT := 9;",
                         "lo := MIN(a, 3, 8); hi := MAX(a, 3, 8); mid := LIMIT(0, a, 4);"
                         "s := SEL(a > 4, 1, 2); m := MUX(k, 10, 20, 30);");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("lo"), 3);
  EXPECT_EQ(rig.get<std::int16_t>("hi"), 8);
  EXPECT_EQ(rig.get<std::int16_t>("mid"), 4);
  EXPECT_EQ(rig.get<std::int16_t>("s"), 2);
  EXPECT_EQ(rig.get<std::int16_t>("m"), 30);
}

TEST(Arithmetic, mathematical_functions_match_the_c_library) {
  auto rig = ScanRig::of("x : LREAL := 0.5; a, b, c, d : LREAL;",
                         "a := SIN(x); b := EXP(x); c := EXPT(x, 3.0); d := ATAN(x);");
  ASSERT_FALSE(rig.scan());
  EXPECT_DOUBLE_EQ(rig.get<double>("a"), std::sin(0.5));
  EXPECT_DOUBLE_EQ(rig.get<double>("b"), std::exp(0.5));
  EXPECT_DOUBLE_EQ(rig.get<double>("c"), 0.125);
  EXPECT_DOUBLE_EQ(rig.get<double>("d"), std::atan(0.5));
}

}  // namespace
}  // namespace wl::plc
