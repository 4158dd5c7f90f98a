#include "base/env_file.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

std::string value_of(const std::string& line) {
  return parse_env(line, ".env").value().at(0).value;
}
std::string mistake(const std::string& text) {
  return parse_env(text, ".env").error().what;
}

TEST(EnvFile, lines_remember_where_they_stand) {
  const auto lines = parse_env("# comment\n\nA=1\r\nexport B = two words \n", ".env").value();

  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].key, "A");
  EXPECT_EQ(lines[0].value, "1");
  EXPECT_EQ(lines[0].line, 3);
  EXPECT_EQ(lines[1].key, "B");
  EXPECT_EQ(lines[1].value, "two words");
  EXPECT_EQ(lines[1].line, 4);
}

TEST(EnvFile, a_comment_behind_a_value_needs_a_blank) {
  EXPECT_EQ(value_of("A=1 # one"), "1");
  EXPECT_EQ(value_of("A=a#b"), "a#b");
  EXPECT_EQ(value_of("A= # nothing"), "");
}

TEST(EnvFile, quotes_keep_blanks_and_number_signs) {
  EXPECT_EQ(value_of("A=\" a # b \"  # comment"), " a # b ");
  EXPECT_EQ(value_of("A='it is \"so\"'"), "it is \"so\"");
}

TEST(EnvFile, an_equals_sign_may_stand_in_the_value) {
  EXPECT_EQ(value_of("URL=http://x/?a=b"), "http://x/?a=b");
}

TEST(EnvFile, mistakes_are_named_with_file_and_line) {
  EXPECT_EQ(mistake("A=1\nnonsense"), ".env:2: want KEY=value");
  EXPECT_EQ(mistake("9A=1"), ".env:1: '9A' is not a key");
  EXPECT_EQ(mistake("A='x"), ".env:1: A: missing closing quote");
  EXPECT_EQ(mistake("A='x' y"), ".env:1: A: unexpected text after the quote: y");
}

TEST(EnvFile, an_empty_file_has_no_lines) {
  EXPECT_TRUE(parse_env("", ".env").value().empty());
}

}  // namespace
}  // namespace wl
