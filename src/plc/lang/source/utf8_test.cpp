#include "plc/lang/source/utf8.hpp"

#include <gtest/gtest.h>

namespace wl::plc::lang {
namespace {

TEST(Utf8, takes_characters_of_one_to_four_bytes) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("speed"));
  EXPECT_TRUE(is_utf8("\xC3\xA9 \xE9\x80\x9F \xF0\x9F\x98\x80"));
}

TEST(Utf8, refuses_other_encodings) {
  EXPECT_FALSE(is_utf8("\xCB\xD9\xB6\xC8")) << "GBK";
  EXPECT_FALSE(is_utf8("caf\xE9")) << "Latin-1";
}

TEST(Utf8, refuses_cut_overlong_and_surrogate_forms) {
  EXPECT_FALSE(is_utf8("\xE9\x80"));
  EXPECT_FALSE(is_utf8("\xC0\xAF"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
  EXPECT_FALSE(is_utf8("\x80"));
}

}  // namespace
}  // namespace wl::plc::lang
