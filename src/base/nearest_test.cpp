#include "base/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace wl {
namespace {

constexpr std::array<std::string_view, 3> keys{"WEB_PORT", "WEB_HOST", "SMTP_PORT"};

TEST(Nearest, finds_a_typing_error) {
  EXPECT_EQ(nearest("WEB_PROT", keys), "WEB_PORT");
  EXPECT_EQ(nearest("web_hst", keys), "WEB_HOST");
}

TEST(Nearest, says_nothing_when_nothing_is_near) {
  EXPECT_EQ(nearest("TEMPERATURE", keys), std::nullopt);
  EXPECT_EQ(nearest("", keys), std::nullopt);
}

TEST(Nearest, a_short_word_may_differ_in_one_letter) {
  constexpr std::array<std::string_view, 1> names{"id"};
  EXPECT_EQ(nearest("ip", names), "id");
  EXPECT_EQ(nearest("xy", names), std::nullopt);
}

}  // namespace
}  // namespace wl
