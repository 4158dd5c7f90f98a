// Loops, CASE, evaluation order.
#include <gtest/gtest.h>

#include <cstdint>

#include "plc/codegen/rig/scan_rig.hpp"

namespace wl::plc {
namespace {

using rig::ScanRig;

TEST(ForLoop, from_a_to_a_runs_once_and_leaves_the_variable_past_the_end) {
  auto rig = ScanRig::of("i, a : INT := 5; n : INT;", "FOR i := a TO a DO n := n + 1; END_FOR;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("n"), 1);
  EXPECT_EQ(rig.get<std::int16_t>("i"), 6);
}

TEST(ForLoop, an_empty_range_runs_never) {
  auto rig = ScanRig::of("i, n : INT;", "FOR i := 3 TO 2 DO n := n + 1; END_FOR;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("n"), 0);
  EXPECT_EQ(rig.get<std::int16_t>("i"), 3);
}

TEST(ForLoop, it_ends_at_the_limits_of_its_type) {
  auto rig = ScanRig::of(
      "u : USINT; s : SINT; i : INT; n, m, k : DINT;",
      "FOR u := 0 TO 255 DO n := n + 1; END_FOR; FOR s := 127 TO -128 BY -1 DO m := m + 1; "
      "END_FOR; FOR i := 32000 TO 32767 BY 100 DO k := k + 1; END_FOR;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int32_t>("n"), 256);
  EXPECT_EQ(rig.get<std::int32_t>("m"), 256);
  EXPECT_EQ(rig.get<std::int32_t>("k"), 8);
  EXPECT_EQ(rig.get<std::uint8_t>("u"), 0);
}

TEST(ForLoop, a_step_known_at_run_time_may_be_negative) {
  auto rig = ScanRig::of("i, n : INT; step : INT := -2;",
                         "FOR i := 10 TO 0 BY step DO n := n + i; END_FOR;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("n"), 30);
  EXPECT_EQ(rig.get<std::int16_t>("i"), -2);
}

TEST(ForLoop, the_body_may_move_the_control_variable) {
  auto rig = ScanRig::of("i, n : INT;", "FOR i := 0 TO 9 DO n := n + 1; i := i + 1; END_FOR;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("n"), 5);
}

TEST(ForLoop, exit_keeps_the_variable_and_continue_goes_on) {
  auto rig = ScanRig::of("i, n : INT;",
                         "FOR i := 1 TO 100 DO IF i MOD 2 = 0 THEN CONTINUE; END_IF; "
                         "IF i > 10 THEN EXIT; END_IF; n := n + i; END_FOR;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("n"), 25);
  EXPECT_EQ(rig.get<std::int16_t>("i"), 11);
}

TEST(ForLoop, long_loops_count_every_round_across_their_polls) {
  auto rig = ScanRig::of("i, n : DINT; last : DINT := 5000;",
                         "FOR i := 1 TO last DO n := n + i; END_FOR;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int32_t>("n"), 12502500);
  EXPECT_EQ(rig.get<std::int32_t>("i"), 5001);
}

TEST(Loops, while_and_repeat_test_at_their_own_end) {
  auto rig = ScanRig::of("a, b : INT;",
                         "WHILE a < 0 DO a := a + 1; END_WHILE; REPEAT b := b + 1; UNTIL TRUE "
                         "END_REPEAT;");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("a"), 0);
  EXPECT_EQ(rig.get<std::int16_t>("b"), 1);
}

constexpr const char* counting_function =
    "VAR_GLOBAL calls : INT; END_VAR\n"
    "FUNCTION F : BOOL VAR_INPUT r : BOOL; END_VAR calls := calls + 1; F := r; END_FUNCTION\n";

TEST(Logic, and_evaluates_both_sides) {
  ScanRig rig(std::string(counting_function) +
              "PROGRAM P VAR b : BOOL; END_VAR b := F(FALSE) AND F(TRUE); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("main.calls"), 2);
}

TEST(Logic, and_then_and_or_else_stop_when_it_is_decided) {
  ScanRig rig(std::string(counting_function) +
              "PROGRAM P VAR a, b : BOOL; END_VAR a := F(FALSE) AND_THEN F(TRUE); "
              "b := F(TRUE) OR_ELSE F(FALSE); END_PROGRAM");
  ASSERT_FALSE(rig.scan());
  EXPECT_EQ(rig.get<std::int16_t>("main.calls"), 2);
  EXPECT_FALSE(rig.boolean("a"));
  EXPECT_TRUE(rig.boolean("b"));
}

constexpr const char* case_body =
    "CASE n OF 1: r := 1; 2, 5..7: r := 2; -1000..-500: r := 3; ELSE r := 9; END_CASE;";

TEST(Case, it_takes_values_lists_ranges_and_else) {
  auto rig = ScanRig::of("n, r : INT;", case_body);
  rig.set<std::int16_t>("n", 6);
  rig.scan();
  EXPECT_EQ(rig.get<std::int16_t>("r"), 2);
  rig.set<std::int16_t>("n", -700);
  rig.scan();
  EXPECT_EQ(rig.get<std::int16_t>("r"), 3);
  rig.set<std::int16_t>("n", 3);
  rig.scan();
  EXPECT_EQ(rig.get<std::int16_t>("r"), 9);
}

TEST(Case, enumerations_select_by_name) {
  ScanRig rig(
      "TYPE E_State : (Idle, Run := 7, Stop); END_TYPE\n"
      "PROGRAM P VAR e : E_State := E_State.Run; n : INT; END_VAR\n"
      "CASE e OF E_State.Run: n := 1; e := E_State.Stop; E_State.Stop: n := 2; END_CASE;\n"
      "END_PROGRAM");
  rig.scan();
  EXPECT_EQ(rig.get<std::int16_t>("n"), 1);
  EXPECT_EQ(rig.get<std::int16_t>("e"), 8);
  rig.scan();
  EXPECT_EQ(rig.get<std::int16_t>("n"), 2);
}

}  // namespace
}  // namespace wl::plc
