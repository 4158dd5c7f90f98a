#include "base/json_file.hpp"

#include <gmock/gmock.h>

namespace wl {
namespace {

using ::testing::ElementsAre;

std::unique_ptr<JsonDocument> parse(const std::string& text) {
  return JsonDocument::parse(text, "f.json").value();
}

TEST(JsonFile, reads_what_is_there) {
  const auto document = parse(R"({"a": "x", "n": 1.5, "i": -3, "b": true, "l": [1, 2]})");
  const auto root = document->root();

  EXPECT_EQ(root.at("a").text(), "x");
  EXPECT_EQ(root.at("n").number(0, 2), 1.5);
  EXPECT_EQ(root.at("i").integer(-5, 5), -3);
  EXPECT_TRUE(root.at("b").boolean());
  EXPECT_EQ(root.at("l").items().size(), 2u);
  EXPECT_FALSE(root.find("z").has_value());
  EXPECT_TRUE(document->verdict().has_value());
}

TEST(JsonFile, comments_and_trailing_commas_are_accepted) {
  const auto document = parse("{ // one\n \"a\": [1, /* two */ 2,],\n}");

  EXPECT_EQ(document->root().at("a").items().size(), 2u);
}

TEST(JsonFile, a_syntax_error_is_named_with_line_and_column) {
  const auto document = JsonDocument::parse("{\n  \"a\": 1,\n  b\n}", "f.json");

  EXPECT_THAT(document.error().what, ::testing::StartsWith("f.json:3:3: not valid JSON"));
}

TEST(JsonFile, text_behind_the_end_is_an_error) {
  EXPECT_FALSE(JsonDocument::parse("{} {}", "f.json").has_value());
  EXPECT_FALSE(JsonDocument::parse("{\"a\":", "f.json").has_value());
}

TEST(JsonFile, every_mistake_is_recorded_with_its_line_and_path) {
  const auto document = parse("{\n \"a\": 5,\n \"l\": [\n  {\"n\": 1},\n  {\"n\": \"x\"}\n ]\n}");
  const auto root = document->root();
  root.at("a").text();
  root.at("l").items().at(1).at("n").number(0, 9);
  root.at("l").items().at(0).at("n").integer(2, 9);
  root.at("missing").boolean();

  EXPECT_THAT(
      document->problems(),
      ElementsAre("f.json:2: /a: want a text in quotes", "f.json:5: /l/1/n: want a number",
                  "f.json:4: /l/0/n: 1 is outside 2 to 9", "f.json:1: /: 'missing' is missing"));
  EXPECT_FALSE(document->verdict().has_value());
}

TEST(JsonFile, a_missing_place_is_reported_once_and_not_for_its_members) {
  const auto document = parse("{}");
  document->root().at("a").at("b").at("c").text();

  EXPECT_THAT(document->problems(), ElementsAre("f.json:1: /: 'a' is missing"));
}

TEST(JsonFile, an_unknown_member_names_the_nearest_known_one) {
  const auto document = parse("{\n \"endpiont\": 1,\n \"xyz\": 2\n}");
  document->root().allow_only({"endpoint", "name"});

  EXPECT_THAT(document->problems(),
              ElementsAre("f.json:2: /endpiont: unknown key; did you mean 'endpoint'?",
                          "f.json:3: /xyz: unknown key; known are: endpoint, name"));
}

TEST(JsonFile, line_of_finds_values_behind_strings_that_look_like_structure) {
  const std::string text = "{\n \"a\": \"}, \\\" {\",\n /* \"b\": 1 */\n \"b\":\n  [0,\n  7]\n}";

  EXPECT_EQ(line_of(text, "/a"), 2);
  EXPECT_EQ(line_of(text, "/b"), 5);
  EXPECT_EQ(line_of(text, "/b/1"), 6);
  EXPECT_EQ(line_of(text, "/c"), 0);
  EXPECT_EQ(line_of(text, "/b/9"), 0);
}

}  // namespace
}  // namespace wl
