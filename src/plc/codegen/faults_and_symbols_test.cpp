// How a scan ends badly, and what the symbol table says.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "plc/codegen/rig/scan_rig.hpp"

namespace wl::plc {
namespace {

using rig::ScanRig;

TEST(Fault, an_index_outside_the_array_names_pou_line_and_bounds) {
  ScanRig rig(
      "FUNCTION_BLOCK FB_Q\nVAR_INPUT i : INT; END_VAR\nVAR a : ARRAY[0..31] OF INT; END_VAR\n"
      "a[i] := 1;\nEND_FUNCTION_BLOCK\n"
      "PROGRAM P VAR f : FB_Q; n : INT; END_VAR n := 1; f(i := 40); n := 2; END_PROGRAM");

  const auto fault = rig.scan();

  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::array_bounds);
  EXPECT_EQ(fault->text(), "FB_Q (main.st:4): index 40 is outside 0..31");
  EXPECT_EQ(rig.get<std::int16_t>("n"), 1) << "the state stays as it was when the fault struck";
}

TEST(Fault, a_negative_index_of_the_second_dimension_is_found) {
  auto rig = ScanRig::of("a : ARRAY[0..3, -2..2] OF INT; i : INT := -3;", "a[1, i] := 1;");
  const auto fault = rig.scan();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->value, -3);
  EXPECT_EQ(fault->low, -2);
}

TEST(Fault, an_integer_division_by_zero_names_its_line) {
  auto rig = ScanRig::of("a, b : INT;", "a := 1;\na := a / b;");
  const auto fault = rig.scan();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::division_by_zero);
  EXPECT_EQ(fault->text(), "P (main.st:6): division by zero");
}

TEST(Fault, mod_by_zero_is_a_fault_and_real_division_is_not) {
  auto rig = ScanRig::of("a, b : UDINT; x, y : REAL;", "y := 1.0 / x; a := a MOD b;");
  const auto fault = rig.scan();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::division_by_zero);
  EXPECT_GT(rig.get<float>("y"), 1e30F);
}

TEST(Fault, a_faulted_program_runs_again_when_its_cause_is_gone) {
  auto rig = ScanRig::of("a : INT; b : INT;", "a := 7 / b;");
  ASSERT_TRUE(rig.scan());
  rig.set<std::int16_t>("b", 7);
  EXPECT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("a"), 1);
}

/// Sets abort from another thread while the scan runs, as a watchdog does.
std::optional<ScanFault> scan_until_aborted(ScanRig& rig) {
  std::jthread watchdog([&] { std::atomic_ref(rig.control().abort).store(1); });
  return rig.scan();
}

TEST(Watchdog, it_ends_an_endless_while_with_pou_and_line) {
  auto rig = ScanRig::of("n : UDINT;", "\nWHILE TRUE DO\n n := n + 1;\nEND_WHILE;");
  const auto fault = scan_until_aborted(rig);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::watchdog);
  EXPECT_EQ(fault->pou, "P");
  EXPECT_EQ(fault->line, 6);
}

TEST(Watchdog, it_ends_an_empty_endless_repeat) {
  auto rig = ScanRig::of("b : BOOL;", "REPEAT ; UNTIL b END_REPEAT;");
  const auto fault = scan_until_aborted(rig);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::watchdog);
}

TEST(Watchdog, it_ends_a_long_counted_loop) {
  auto rig = ScanRig::of("i, k : LINT; n : UDINT; last : LINT := 9223372036854775807;",
                         "FOR i := 0 TO last DO n := n + 1; END_FOR;");
  const auto fault = scan_until_aborted(rig);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::watchdog);
}

TEST(Watchdog, it_ends_nested_loops_that_are_short_one_by_one) {
  auto rig = ScanRig::of(
      "i, j, k, l : DINT; n : ULINT;",
      "FOR i := 1 TO 4000 DO FOR j := 1 TO 4000 DO FOR k := 1 TO 4000 DO FOR l := 1 TO 4000 DO "
      "n := (n * 3) XOR 5; END_FOR; END_FOR; END_FOR; END_FOR;");
  const auto fault = scan_until_aborted(rig);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::watchdog);
}

TEST(Watchdog, a_step_of_zero_at_run_time_ends_by_it) {
  auto rig = ScanRig::of("i, step : INT;", "FOR i := 1 TO 2 BY step DO ; END_FOR;");
  const auto fault = scan_until_aborted(rig);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ScanFault::Kind::watchdog);
}

constexpr const char* symbols_text =
    "VAR_GLOBAL gLimit : INT; END_VAR\n"
    "FUNCTION_BLOCK FB VAR RETAIN kept : UDINT; END_VAR VAR lost : INT; END_VAR\n"
    "kept := kept + 1; END_FUNCTION_BLOCK\n"
    "PROGRAM P\nVAR\n  bLamp AT %QX0.0 : BOOL; // the lamp\n  f : FB;\n  v : ARRAY[1..2] OF INT;\n"
    "END_VAR\nVAR RETAIN r : FB; total : LREAL; END_VAR\nf(); r(); END_PROGRAM";

TEST(Symbols, direct_elementary_variables_are_published_and_parts_are_not) {
  ScanRig rig(symbols_text);
  EXPECT_TRUE(rig.find("main.gLimit").published);
  EXPECT_TRUE(rig.find("P.bLamp").published);
  EXPECT_FALSE(rig.find("P.v[1]").published);
  EXPECT_FALSE(rig.find("P.f.lost").published);
}

TEST(Symbols, retain_is_inherited_by_everything_inside) {
  ScanRig rig(symbols_text);
  EXPECT_TRUE(rig.find("P.total").retain);
  EXPECT_TRUE(rig.find("P.r.lost").retain);
  EXPECT_TRUE(rig.find("P.f.kept").retain);
  EXPECT_FALSE(rig.find("P.f.lost").retain);
}

TEST(Symbols, location_comment_and_type_are_those_of_the_declaration) {
  ScanRig rig(symbols_text);
  EXPECT_EQ(rig.find("P.bLamp").location, "%QX0.0");
  EXPECT_EQ(rig.find("P.bLamp").comment, "the lamp");
  EXPECT_EQ(rig.find("P.bLamp").type, IecType::boolean);
  EXPECT_EQ(rig.find("P.total").type, IecType::lreal);
  EXPECT_EQ(rig.find("P.total").offset % 8, 0U);
}

TEST(Symbols, arrays_above_the_limit_are_listed_only_when_they_are_retained) {
  ScanRig rig(
      "PROGRAM P VAR a : ARRAY[1..5000] OF INT; END_VAR VAR RETAIN b : ARRAY[1..5000] OF INT; "
      "END_VAR ; END_PROGRAM");
  EXPECT_FALSE(rig.has("a[1]"));
  EXPECT_TRUE(rig.has("b[5000]"));
}

TEST(Limits, a_state_that_is_too_large_is_refused_with_the_next_step) {
  EXPECT_THROW(ScanRig("PROGRAM P VAR a : ARRAY[0..16000000] OF LREAL; END_VAR ; END_PROGRAM"),
               std::runtime_error);
}

TEST(Limits, functions_with_too_large_locals_are_refused_with_the_next_step) {
  EXPECT_THROW(ScanRig("FUNCTION F : INT VAR a : ARRAY[0..999999] OF LREAL; END_VAR F := 1; "
                       "END_FUNCTION PROGRAM P VAR n : INT; END_VAR n := F(); END_PROGRAM"),
               std::runtime_error);
}

TEST(Optimization, unoptimised_code_means_the_same) {
  ScanRig rig(
      "PROGRAM P VAR i : INT; a : ARRAY[0..9] OF DINT; s : DINT; END_VAR\n"
      "FOR i := 0 TO 9 DO a[i] := i * i; s := s + a[i]; END_FOR; END_PROGRAM",
      {Optimization::none});
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int32_t>("s"), 285);
}

}  // namespace
}  // namespace wl::plc
