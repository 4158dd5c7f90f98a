#include "plc/lang/compile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "base/durable_file.hpp"

namespace wl::plc::lang {
namespace {

Compilation compile(std::string text) {
  SourceSet sources;
  sources.add("T.st", std::move(text));
  return compile_sources(std::move(sources));
}

/// Body of a program with a few variables.
Compilation body(const std::string& statements) {
  return compile(
      "PROGRAM PLC_PRG VAR i, j : INT; d : DINT; l : LINT; u : USINT; w : WORD; r : REAL; x : "
      "LREAL;"
      " b : BOOL; t : TIME; s : STRING; a : ARRAY[0..3] OF INT; ton1 : TON; END_VAR\n" +
      statements + "\nEND_PROGRAM");
}

std::string codes(const Compilation& c) {
  std::string out;
  for (const Diagnostic& d : c.diagnostics) out += (out.empty() ? "" : " ") + text_of(d.code);
  return out;
}

const Pou& pou(const Compilation& c, std::string_view name) {
  for (const auto& p : c.program.pous) {
    if (p->name == name) return *p;
  }
  throw std::runtime_error("no such POU");
}

const Assign& assign(const Compilation& c, std::size_t index) {
  return std::get<Assign>(pou(c, "PLC_PRG").body.at(index).node);
}

std::int64_t literal(const Assign& a) {
  return std::get<Literal>(a.value->node).value.integer();
}

std::string line_program() {
  return read_file(std::string(WATTLINE_SOURCE_DIR) + "/bench/line.st").value();
}

TEST(Compile, accepts_the_line_program_of_the_benchmark) {
  const Compilation c = compile(line_program());
  EXPECT_EQ(render_all(c), "");
  EXPECT_EQ(c.program.tasks.at(0).interval, std::chrono::milliseconds(10));
}

TEST(Compile, accepts_the_program_of_the_product) {
  Result<SourceSet> sources = load_folder(std::string(WATTLINE_SOURCE_DIR) + "/plc_program");
  ASSERT_TRUE(sources) << sources.error().what;
  const Compilation c = compile_sources(std::move(*sources));
  EXPECT_EQ(render_all(c), "");
}

TEST(Compile, without_a_configuration_plc_prg_runs_every_100_ms) {
  const Compilation c = body("i := 1;");
  ASSERT_EQ(c.program.tasks.size(), 1U);
  EXPECT_EQ(c.program.tasks[0].name, "MainTask");
  EXPECT_EQ(c.program.tasks[0].interval, std::chrono::milliseconds(100));
}

TEST(Compile, refuses_a_folder_without_programs) {
  const Result<SourceSet> sources = load_folder("/proc/self/does-not-exist");
  EXPECT_EQ(sources.error().code, Errc::not_found);
}

TEST(Precedence, multiplication_binds_tighter_than_addition_and_both_than_comparison) {
  EXPECT_EQ(literal(assign(body("d := 2 + 3 * 4;"), 0)), 14);
  EXPECT_EQ(literal(assign(body("b := 2 + 3 * 4 = 14 AND TRUE;"), 0)), 1);
}

TEST(Precedence, and_binds_tighter_than_xor_and_xor_than_or) {
  EXPECT_EQ(literal(assign(body("b := TRUE OR TRUE AND FALSE;"), 0)), 1);
  EXPECT_EQ(literal(assign(body("b := TRUE XOR TRUE AND FALSE;"), 0)), 1);
  EXPECT_EQ(literal(assign(body("b := TRUE OR TRUE XOR TRUE;"), 0)), 1);
}

TEST(Precedence, operators_of_one_rank_go_from_left_to_right) {
  EXPECT_EQ(literal(assign(body("d := 20 - 5 - 3;"), 0)), 12);
  EXPECT_EQ(literal(assign(body("d := 100 / 10 * 2;"), 0)), 20);
}

TEST(Precedence, mod_has_the_sign_of_the_left_side) {
  EXPECT_EQ(literal(assign(body("d := -7 MOD 3;"), 0)), -1);
  EXPECT_EQ(literal(assign(body("d := 7 MOD -3;"), 0)), 1);
}

TEST(Types, a_product_of_ints_is_computed_in_dint) {
  const Compilation c = body("d := i * j;");
  const Assign& a = assign(c, 0);
  ASSERT_TRUE(std::holds_alternative<Binary>(a.value->node));
  EXPECT_EQ(a.value->type->name, "DINT");
  EXPECT_TRUE(std::holds_alternative<Convert>(std::get<Binary>(a.value->node).left->node));
}

TEST(Types, a_sum_of_ints_is_cut_when_it_is_stored_in_an_int) {
  const Compilation c = body("i := i + 1;");
  const Assign& a = assign(c, 0);
  ASSERT_TRUE(std::holds_alternative<Convert>(a.value->node));
  EXPECT_EQ(a.value->type->name, "INT");
  EXPECT_EQ(std::get<Convert>(a.value->node).operand->type->name, "DINT");
}

TEST(Types, literals_take_the_type_that_is_needed) {
  EXPECT_EQ(assign(body("r := 5;"), 0).value->type->name, "REAL");
  EXPECT_EQ(assign(body("x := 5.0;"), 0).value->type->name, "LREAL");
  EXPECT_EQ(assign(body("w := 16#FFFF;"), 0).value->type->name, "WORD");
}

TEST(Types, narrowing_names_the_function_that_does_it) {
  const Compilation c = body("i := d;");
  ASSERT_EQ(codes(c), "P3008");
  EXPECT_EQ(c.diagnostics[0].hint, "write DINT_TO_INT(…)");
}

TEST(Types, real_to_int_rounds_half_to_even) {
  EXPECT_EQ(literal(assign(body("i := REAL_TO_INT(2.5);"), 0)), 2);
  EXPECT_EQ(literal(assign(body("i := REAL_TO_INT(3.5);"), 0)), 4);
  EXPECT_EQ(literal(assign(body("i := REAL_TO_INT(1.0E9);"), 0)), 32767);
}

TEST(Literals, numbers_of_every_base_and_type) {
  EXPECT_EQ(literal(assign(body("d := 16#FF;"), 0)), 255);
  EXPECT_EQ(literal(assign(body("d := 2#1010_1010;"), 0)), 170);
  EXPECT_EQ(literal(assign(body("d := 8#17;"), 0)), 15);
  EXPECT_EQ(literal(assign(body("d := INT#5;"), 0)), 5);
  EXPECT_EQ(literal(assign(body("l := -9223372036854775808;"), 0)),
            std::numeric_limits<std::int64_t>::min());
}

TEST(Literals, times_count_milliseconds) {
  EXPECT_EQ(literal(assign(body("t := T#1h2m3s4ms;"), 0)), 3'723'004);
  EXPECT_EQ(literal(assign(body("t := TIME#1.5s;"), 0)), 1'500);
}

TEST(Literals, strings_know_their_escapes) {
  const Compilation c = body("s := '$N$'$$$41';");
  EXPECT_EQ(std::get<Literal>(assign(c, 0).value->node).value.text(), "\n'$A");
}

TEST(Recovery, one_mistake_makes_one_diagnostic) {
  EXPECT_EQ(codes(body("i := ;\nj := 2;")), "P2001");
  EXPECT_EQ(codes(body("i = 5;")), "P2005");
  EXPECT_EQ(codes(body("IF b THEN i := 1;\nELSE IF b THEN j := 1;\nEND_IF;\nd := 1;")), "P2004");
  EXPECT_EQ(codes(body("IF b THEN i := 1;")), "P2002");
  EXPECT_EQ(codes(body("IF b := TRUE THEN i := 1; END_IF;")), "P2006");
  EXPECT_EQ(codes(body("i := 1\nj := 2;")), "P2009");
  EXPECT_EQ(codes(body("END_WHILE;\nj := 2;")), "P2003");
}

TEST(Recovery, a_reserved_word_as_a_name_is_told_once) {
  const Compilation c = compile("PROGRAM PLC_PRG VAR by : INT; END_VAR by := by + 1; END_PROGRAM");
  EXPECT_EQ(codes(c), "P2007");
}

TEST(Recovery, an_unknown_name_gets_a_proposal) {
  const Compilation c = body("ton1(IM := b, PT := T#1s);");
  ASSERT_EQ(codes(c), "P3005");
  EXPECT_EQ(c.diagnostics[0].hint, "did you mean IN?");
}

TEST(Render, shows_place_line_and_caret_also_behind_chinese_text) {
  const Compilation c = compile("PROGRAM PLC_PRG\n(* 速度 *) spped := 1;\nEND_PROGRAM");
  EXPECT_EQ(render_all(c),
            "T.st:2:10: error P3001: spped is not declared\n"
            "    (* 速度 *) spped := 1;\n"
            "               ^~~~~\n"
            "1 error\n");
}

TEST(Calls, an_omitted_input_of_a_function_gets_its_default) {
  const Compilation c = compile(
      "FUNCTION F : INT VAR_INPUT a : INT; b : INT := 7; END_VAR F := a + b; END_FUNCTION\n"
      "PROGRAM PLC_PRG VAR i : INT; END_VAR i := F(b := 2, a := 1); i := F(1); END_PROGRAM");
  ASSERT_EQ(codes(c), "");
  const auto& swapped = std::get<FunctionCall>(assign(c, 0).value->node).arguments.inputs;
  EXPECT_EQ(std::get<Literal>(swapped.at(0).value->node).value.integer(), 1);
  const auto& defaulted = std::get<FunctionCall>(assign(c, 1).value->node).arguments.inputs;
  EXPECT_EQ(std::get<Literal>(defaulted.at(1).value->node).value.integer(), 7);
}

TEST(Calls, recursion_is_refused) {
  const Compilation c = compile(
      "FUNCTION A : INT A := B(); END_FUNCTION\nFUNCTION B : INT B := A(); END_FUNCTION\n"
      "PROGRAM PLC_PRG VAR i : INT; END_VAR i := A(); END_PROGRAM");
  EXPECT_EQ(codes(c), "P3015");
}

TEST(Calls, pous_stand_callee_first) {
  const Compilation c = compile(
      "PROGRAM PLC_PRG VAR i : INT; END_VAR i := F(); END_PROGRAM\n"
      "FUNCTION F : INT F := 1; END_FUNCTION");
  EXPECT_EQ(c.program.pous.back()->name, "PLC_PRG");
}

TEST(Declarations, comments_behind_and_attributes_before_are_kept) {
  const Compilation c = compile(
      "PROGRAM PLC_PRG VAR\n  {attribute 'symbol' := 'readwrite'}\n"
      "  a AT %qx0.1 : BOOL; // 启动 start\nEND_VAR END_PROGRAM");
  const Variable& a = *pou(c, "PLC_PRG").variables.at(0);
  EXPECT_EQ(a.comment, "启动 start");
  EXPECT_EQ(a.location, "%QX0.1");
  EXPECT_EQ(a.attributes.at(0).value, "readwrite");
}

TEST(Limits, deep_nesting_ends_in_one_diagnostic) {
  EXPECT_EQ(codes(body("i := " + std::string(100'000, '(') + "1;")), "P2008");
  EXPECT_EQ(codes(body("b := " + std::string(100'000, '-') + "1;")), "P2008");
  std::string chain = "i := 1";
  for (int n = 0; n < 10'000; ++n) chain += " + 1";
  EXPECT_EQ(codes(body(chain + ";")), "P2008");
  std::string ifs;
  for (int n = 0; n < 10'000; ++n) ifs += "IF b THEN ";
  EXPECT_EQ(codes(body(ifs)), "P2008");
}

TEST(Robustness, every_truncation_of_a_program_ends_with_diagnostics_or_success) {
  const std::string text = line_program();
  for (std::size_t length = 0; length < text.size(); length += 397) {
    const Compilation c = compile(text.substr(0, length));
    ASSERT_LE(c.diagnostics.size(), 1000U);
  }
}

TEST(Robustness, random_damage_never_crashes) {
  const std::string text = line_program();
  std::mt19937 random(20261);
  for (int round = 0; round < 40; ++round) {
    std::string damaged = text;
    for (int n = 0; n < 60; ++n) {
      damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
      damaged.erase(random() % damaged.size(), random() % 8);
      damaged.insert(random() % damaged.size(), damaged.substr(random() % damaged.size(), 12));
    }
    ASSERT_LE(compile(std::move(damaged)).diagnostics.size(), 1000U);
  }
}

}  // namespace
}  // namespace wl::plc::lang
