// STRING, function blocks, functions, initial values.
#include <gtest/gtest.h>

#include <cstdint>

#include "plc/codegen/rig/scan_rig.hpp"

namespace wl::plc {
namespace {

using rig::milliseconds;
using rig::ScanRig;

TEST(StringVariable, an_assignment_cuts_silently) {
  auto rig = ScanRig::of("s : STRING[3]; t : STRING;", "t := 'abcdef'; s := t;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.text("s"), "abc");
  EXPECT_EQ(rig.find("s").size, 4U);
  EXPECT_EQ(rig.find("t").size, 81U);
}

TEST(StringVariable, functions_count_from_one) {
  auto rig = ScanRig::of(
      "s : STRING := 'PART-7'; n, f : INT; m, c, d : STRING; e : BOOL;",
      "n := LEN(s); f := FIND(s, '-'); m := MID(s, 2, 2); c := CONCAT(s, '/', INT_TO_STRING(n));"
      "d := REPLACE(s, 'x', 1, 5); e := LEFT(s, 4) = 'PART';");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("n"), 6);
  EXPECT_EQ(rig.get<std::int16_t>("f"), 5);
  EXPECT_EQ(rig.text("m"), "AR");
  EXPECT_EQ(rig.text("c"), "PART-7/6");
  EXPECT_EQ(rig.text("d"), "PARTx7");
  EXPECT_TRUE(rig.boolean("e"));
}

TEST(StringVariable, conversions_print_and_read_values) {
  auto rig =
      ScanRig::of("r : REAL := 1.5; t : TIME := T#1s500ms; a, b, c : STRING; i : INT; x : REAL;",
                  "a := REAL_TO_STRING(r); b := TIME_TO_STRING(t); c := BOOL_TO_STRING(r > 1.0);"
                  "i := STRING_TO_INT('-42'); x := STRING_TO_REAL('2.25');");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.text("a"), "1.5");
  EXPECT_EQ(rig.text("b"), "T#1s500ms");
  EXPECT_EQ(rig.text("c"), "TRUE");
  EXPECT_EQ(rig.get<std::int16_t>("i"), -42);
  EXPECT_EQ(rig.get<float>("x"), 2.25F);
}

TEST(StandardBlock, ton_switches_after_its_time) {
  auto rig = ScanRig::of("t : TON; in : BOOL := TRUE;", "t(IN := in, PT := T#50ms);");
  rig.scan_times(5, milliseconds(10));
  EXPECT_FALSE(rig.boolean("t.Q"));
  rig.scan(milliseconds(10));
  EXPECT_TRUE(rig.boolean("t.Q"));
  EXPECT_EQ(rig.get<std::uint32_t>("t.ET"), 50U);
  rig.set<std::uint8_t>("in", 0);
  rig.scan(milliseconds(10));
  EXPECT_FALSE(rig.boolean("t.Q"));
}

TEST(StandardBlock, tof_holds_for_its_time) {
  auto rig = ScanRig::of("t : TOF; in : BOOL := TRUE;", "t(IN := in, PT := T#50ms);");
  rig.scan(milliseconds(10));
  rig.set<std::uint8_t>("in", 0);
  rig.scan_times(5, milliseconds(10));
  EXPECT_TRUE(rig.boolean("t.Q"));
  rig.scan(milliseconds(10));
  EXPECT_FALSE(rig.boolean("t.Q"));
}

TEST(StandardBlock, tp_gives_one_pulse_however_long_the_input) {
  auto rig = ScanRig::of("t : TP; in : BOOL := TRUE;", "t(IN := in, PT := T#30ms);");
  rig.scan_times(3, milliseconds(10));
  EXPECT_TRUE(rig.boolean("t.Q"));
  rig.scan(milliseconds(10));
  EXPECT_FALSE(rig.boolean("t.Q"));
  rig.scan_times(10, milliseconds(10));
  EXPECT_FALSE(rig.boolean("t.Q"));
}

TEST(StandardBlock, counters_and_edges_see_a_rising_edge_once) {
  auto rig = ScanRig::of("e : R_TRIG; c : CTU; n : INT; in : BOOL := TRUE;",
                         "e(CLK := in); IF e.Q THEN n := n + 1; END_IF;"
                         "c(CU := in, R := FALSE, PV := 1);");
  rig.scan_times(3, milliseconds(10));
  EXPECT_EQ(rig.get<std::int16_t>("n"), 1);
  EXPECT_EQ(rig.get<std::uint16_t>("c.CV"), 1);
  EXPECT_TRUE(rig.boolean("c.Q"));
}

TEST(FunctionBlock, an_omitted_input_keeps_its_value_and_outputs_are_copied_after_the_call) {
  ScanRig rig(
      "FUNCTION_BLOCK FB VAR_INPUT a, b : INT := 2; END_VAR VAR_OUTPUT s : INT; END_VAR\n"
      "s := a + b; END_FUNCTION_BLOCK\n"
      "PROGRAM P VAR f : FB; r : INT; END_VAR f(a := 5); f(b := 10, s => r); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("r"), 15);
  EXPECT_EQ(rig.get<std::int16_t>("f.a"), 5);
}

TEST(FunctionBlock, an_in_out_changes_the_variable_of_the_caller) {
  ScanRig rig(
      "FUNCTION_BLOCK FB VAR_IN_OUT a : ARRAY[0..3] OF INT; n : INT; END_VAR VAR i : INT; END_VAR\n"
      "FOR i := 0 TO 3 DO a[i] := a[i] + i; n := n + 1; END_FOR; END_FUNCTION_BLOCK\n"
      "PROGRAM P VAR f : FB; v : ARRAY[0..3] OF INT := [1, 1, 1, 1]; c : INT; END_VAR\n"
      "f(a := v, n := c); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("v[3]"), 4);
  EXPECT_EQ(rig.get<std::int16_t>("c"), 4);
  EXPECT_FALSE(rig.has("f.a"));
}

TEST(FunctionBlock, two_in_outs_may_name_one_variable) {
  ScanRig rig(
      "FUNCTION_BLOCK FB VAR_IN_OUT a, b : INT; END_VAR VAR_OUTPUT s : INT; END_VAR\n"
      "a := 1; b := 2; s := a; END_FUNCTION_BLOCK\n"
      "PROGRAM P VAR f : FB; v : INT; END_VAR f(a := v, b := v); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("f.s"), 2);
}

TEST(FunctionBlock, nested_blocks_and_arrays_of_blocks_keep_their_own_state) {
  ScanRig rig(
      "FUNCTION_BLOCK Inner VAR_OUTPUT n : INT := 100; END_VAR n := n + 1; END_FUNCTION_BLOCK\n"
      "FUNCTION_BLOCK Outer VAR_OUTPUT in1 : Inner; END_VAR in1(); in1(); END_FUNCTION_BLOCK\n"
      "PROGRAM P VAR o : ARRAY[1..3] OF Outer; i : INT; END_VAR\n"
      "FOR i := 1 TO 3 DO o[i](); END_FOR; o[2](); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("o[1].in1.n"), 102);
  EXPECT_EQ(rig.get<std::int16_t>("o[2].in1.n"), 104);
  EXPECT_EQ(rig.get<std::int16_t>("o[3].in1.n"), 102);
}

TEST(Function, locals_start_anew_in_each_call) {
  ScanRig rig(
      "FUNCTION F : INT VAR_INPUT x : INT; END_VAR VAR n : INT := 10; END_VAR\n"
      "n := n + x; F := n; END_FUNCTION\n"
      "PROGRAM P VAR a, b : INT; END_VAR a := F(1); b := F(2); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("a"), 11);
  EXPECT_EQ(rig.get<std::int16_t>("b"), 12);
}

TEST(Function, inputs_are_copies_and_structures_return_by_value) {
  ScanRig rig(
      "TYPE T_P : STRUCT x, y : INT; END_STRUCT END_TYPE\n"
      "VAR_GLOBAL g : T_P := (x := 1, y := 2); END_VAR\n"
      "FUNCTION F : T_P VAR_INPUT p : T_P; END_VAR g.x := 50; F := p; F.y := F.y + 1; "
      "END_FUNCTION\n"
      "PROGRAM P VAR b : T_P; END_VAR b := F(g); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("main.g.x"), 50);
  EXPECT_EQ(rig.get<std::int16_t>("b.x"), 1);
  EXPECT_EQ(rig.get<std::int16_t>("b.y"), 3);
}

TEST(InitialValues, globals_constants_arrays_and_blocks_start_as_declared) {
  ScanRig rig(
      "VAR_GLOBAL CONSTANT cSize : INT := 4; END_VAR\n"
      "VAR_GLOBAL g : REAL := 2.5; END_VAR\n"
      "FUNCTION_BLOCK FB VAR_INPUT k : INT := 3; END_VAR VAR_OUTPUT y : INT; END_VAR\n"
      "y := k; END_FUNCTION_BLOCK\n"
      "PROGRAM P VAR a : ARRAY[1..cSize] OF INT := [1, 2(7)]; f : FB := (k := 8);\n"
      "t : ARRAY[0..1] OF TON; s : STRING := 'hi'; END_VAR ; END_PROGRAM");
  EXPECT_EQ(rig.get<float>("main.g"), 2.5F);
  EXPECT_EQ(rig.get<std::int16_t>("a[1]"), 1);
  EXPECT_EQ(rig.get<std::int16_t>("a[3]"), 7);
  EXPECT_EQ(rig.get<std::int16_t>("a[4]"), 0);
  EXPECT_EQ(rig.get<std::int16_t>("f.k"), 8);
  EXPECT_EQ(rig.text("s"), "hi");
  EXPECT_TRUE(rig.has("t[1].ET"));
}

TEST(Temporaries, var_temp_starts_at_its_initial_value_in_each_scan) {
  ScanRig rig(
      "PROGRAM P VAR_TEMP t : INT := 5; END_VAR VAR n : INT; END_VAR\n"
      "t := t + 1; n := t; END_PROGRAM");
  rig.scan();
  rig.scan();
  EXPECT_EQ(rig.get<std::int16_t>("n"), 6);
  EXPECT_FALSE(rig.has("t"));
}

}  // namespace
}  // namespace wl::plc
