#include "plc/codegen/support/strings.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace wl::plc::support {
namespace {

using Buffer = std::array<char, 81>;

TEST(Strings, an_assignment_cuts_what_does_not_fit) {
  Buffer out{};
  string_assign(out.data(), 3, "abcdef");
  EXPECT_STREQ(out.data(), "abc");
}

TEST(Strings, a_concatenation_is_cut_at_the_capacity) {
  Buffer out{};
  string_concat(out.data(), 5, "abc", "defg");
  EXPECT_STREQ(out.data(), "abcde");
}

TEST(Strings, left_and_right_clamp_the_length) {
  Buffer out{};
  string_left(out.data(), 80, "abc", 99);
  EXPECT_STREQ(out.data(), "abc");
  string_right(out.data(), 80, "abc", 2);
  EXPECT_STREQ(out.data(), "bc");
  string_left(out.data(), 80, "abc", -1);
  EXPECT_STREQ(out.data(), "");
}

TEST(Strings, mid_counts_positions_from_one) {
  Buffer out{};
  string_mid(out.data(), 80, "abcd", 2, 3);
  EXPECT_STREQ(out.data(), "cd");
  string_mid(out.data(), 80, "abcd", 2, 9);
  EXPECT_STREQ(out.data(), "");
}

TEST(Strings, insert_goes_behind_the_position) {
  Buffer out{};
  string_insert(out.data(), 80, "ad", "bc", 1);
  EXPECT_STREQ(out.data(), "abcd");
  string_insert(out.data(), 80, "ad", "bc", 0);
  EXPECT_STREQ(out.data(), "bcad");
}

TEST(Strings, delete_and_replace_take_length_before_position) {
  Buffer out{};
  string_delete(out.data(), 80, "abcd", 2, 2);
  EXPECT_STREQ(out.data(), "ad");
  string_replace(out.data(), 80, "abcd", "X", 2, 2);
  EXPECT_STREQ(out.data(), "aXd");
}

TEST(Strings, find_is_one_based_and_zero_means_absent) {
  EXPECT_EQ(string_find("abcd", "cd"), 3);
  EXPECT_EQ(string_find("abcd", "x"), 0);
  EXPECT_EQ(string_find("abcd", ""), 0);
}

}  // namespace
}  // namespace wl::plc::support
