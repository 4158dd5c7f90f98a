#include "base/trimmed.hpp"

#include <gtest/gtest.h>

namespace wl {
namespace {

TEST(Trimmed, blanks_go_at_both_ends_and_stay_inside) {
  EXPECT_EQ(trimmed(" \t a b\t "), "a b");
  EXPECT_EQ(trimmed("a"), "a");
}

TEST(Trimmed, of_blanks_alone_nothing_is_left) {
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Trimmed, other_blanks_are_those_that_are_named) {
  EXPECT_EQ(trimmed("a\r", " \t\r"), "a");
  EXPECT_EQ(trimmed("a\r"), "a\r");
}

}  // namespace
}  // namespace wl
