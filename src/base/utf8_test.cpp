#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

TEST(Utf8, takes_what_is_one_and_refuses_overlong_forms_and_surrogates) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("传送带 \xF0\x9F\x98\x80"));
  EXPECT_FALSE(is_utf8("\xc0\xae"));
  EXPECT_FALSE(is_utf8("\xe0\x80\xae"));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
  EXPECT_FALSE(is_utf8("\xe4\xbc"));
  EXPECT_FALSE(is_utf8("\x80"));
}

TEST(Utf8, is_cut_between_characters) {
  EXPECT_EQ(utf8_prefix("传送带", 9), "传送带");
  EXPECT_EQ(utf8_prefix("传送带", 8), "传送");
  EXPECT_EQ(utf8_prefix("传送带", 2), "");
  EXPECT_EQ(utf8_prefix("abc", 2), "ab");
}

TEST(OneLine, leaves_ordinary_text_as_it_is) {
  EXPECT_EQ(one_line("传送带 power_kw\t4.5 kW – \xF0\x9F\x98\x80"),
            "传送带 power_kw\t4.5 kW – \xF0\x9F\x98\x80");
}

TEST(OneLine, shows_what_would_break_the_line_or_steer_a_terminal) {
  EXPECT_EQ(one_line("a\r\nb"), "a\\r\\nb");
  EXPECT_EQ(one_line("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(one_line(std::string("a\0b\x7f", 4)), "a\\x00b\\x7f");
  EXPECT_EQ(one_line("\xc2\x9b"), "\\u009b");
  EXPECT_EQ(one_line("\xe2\x80\xa8\xe2\x80\xae\xe2\x81\xa6"), "\\u2028\\u202e\\u2066");
  EXPECT_EQ(one_line("\xff\xc3"), "\\xff\\xc3");
}

}  // namespace
}  // namespace wl
