#include "base/json_duplicates.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_file.hpp"

namespace wl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> found_in(std::string_view json) {
  std::vector<std::string> words;
  for (const DuplicateKey& key : duplicate_keys(json))
    words.push_back(fmt::format("{} at {} after {}", key.pointer, key.line, key.first_line));
  return words;
}

TEST(DuplicateKeys, a_key_that_stands_twice_is_found_with_both_lines) {
  EXPECT_THAT(found_in("{\"a\": 1,\n\"b\": 2,\n\"a\": 3}"), ElementsAre("/a at 3 after 1"));
}

TEST(DuplicateKeys, each_object_has_its_own_keys) {
  EXPECT_THAT(found_in(R"({"a": {"x": 1}, "b": [{"x": 1}, {"x": 2, "y": {"a": 1}}]})"), IsEmpty());
  EXPECT_THAT(found_in("{\"b\": [{\"x\": 1},\n{\"x\": 2, \"x\": 3}]}"),
              ElementsAre("/b/1/x at 2 after 2"));
}

TEST(DuplicateKeys, texts_comments_and_trailing_commas_are_no_keys) {
  EXPECT_THAT(found_in("{\"a\": \"b\", // \"a\": 1\n\"b\": \"a\", /* \"a\":\n2 */ \"c\": [\"a\", "
                       "\"a\",],\n\"d\\\"\": 1, \"d\": 2,}"),
              IsEmpty());
  EXPECT_THAT(found_in("{\"a\": 1, /* \n\n */ \"a\": 2}"), ElementsAre("/a at 3 after 1"));
}

TEST(DuplicateKeys, a_configuration_with_one_is_refused) {
  auto document = JsonDocument::parse("{\"a\": 1,\n\"a\": 2}", "x.json");

  ASSERT_TRUE(document);
  EXPECT_EQ((*document)->verdict().error().what,
            "x.json:2: /a: stands twice in one object; the first is on line 1");
}

}  // namespace
}  // namespace wl
