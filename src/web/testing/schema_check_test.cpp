#include "web/testing/schema_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace wl::web::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* components = R"({"Level":{"type":"string","enum":["low","high"]},
  "Tree":{"type":"object","properties":{"leaves":{"type":"array",
    "items":{"$ref":"#/components/schemas/Tree"}}},"additionalProperties":false}})";

std::string mistake(std::string_view schema, std::string_view json) {
  return SchemaCheck(components).mistake(schema, json).value_or("");
}

TEST(SchemaCheck, tells_types_apart) {
  EXPECT_EQ(mistake(R"({"type":"integer"})", "3"), "");
  EXPECT_EQ(mistake(R"({"type":"integer"})", "3.0"), "");
  EXPECT_EQ(mistake(R"({"type":"integer"})", "3.5"), R"($: 3.5E0 is not of type "integer")");
  EXPECT_EQ(mistake(R"({"type":["number","null"]})", "null"), "");
  EXPECT_NE(mistake(R"({"type":["number","null"]})", R"("3")"), "");
  EXPECT_NE(mistake(R"({"type":"boolean"})", "0"), "");
  EXPECT_NE(mistake(R"({"type":"object"})", "[]"), "");
  EXPECT_NE(mistake(R"({"type":"string"})", "{"), "") << "no JSON satisfies nothing";
}

TEST(SchemaCheck, wants_the_required_members_and_no_others) {
  const std::string schema = R"({"type":"object","properties":{"a":{"type":"integer"},
    "b":{}},"required":["a"],"additionalProperties":false})";

  EXPECT_EQ(mistake(schema, R"({"a":1,"b":[]})"), "");
  EXPECT_EQ(mistake(schema, R"({"b":1})"), "$: the member 'a' is missing");
  EXPECT_EQ(mistake(schema, R"({"a":1,"c":1})"), "$.c: is not allowed here");
  EXPECT_EQ(mistake(schema, R"({"a":"x"})"), R"($.a: "x" is not of type "integer")");
}

TEST(SchemaCheck, looks_into_members_that_have_no_name_in_it) {
  const std::string schema = R"({"type":"object","properties":{"at":{"type":"string"}},
    "additionalProperties":{"type":["number","null"]}})";

  EXPECT_EQ(mistake(schema, R"({"at":"x","conveyor":1,"robot":null})"), "");
  EXPECT_NE(mistake(schema, R"({"at":"x","conveyor":"1"})"), "");
}

TEST(SchemaCheck, names_the_item_that_is_wrong) {
  const std::string schema =
      R"({"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":3})";

  EXPECT_EQ(mistake(schema, "[1,2]"), "");
  EXPECT_THAT(mistake(schema, R"([1,"2"])"), HasSubstr("$[1]: "));
  EXPECT_NE(mistake(schema, "[]"), "");
  EXPECT_NE(mistake(schema, "[1,2,3,4]"), "");
}

TEST(SchemaCheck, holds_numbers_and_texts_to_their_limits) {
  EXPECT_EQ(mistake(R"({"minimum":1,"maximum":2})", "1"), "");
  EXPECT_EQ(mistake(R"({"minimum":1})", "0"), "$: 0 is less than 1");
  EXPECT_EQ(mistake(R"({"maximum":1})", "1.5"), "$: 1.5E0 is more than 1");
  EXPECT_EQ(mistake(R"({"minLength":2,"maxLength":2})", R"("采集")"), "");
  EXPECT_NE(mistake(R"({"minLength":3})", R"("采集")"), "");
  EXPECT_NE(mistake(R"({"maxLength":1})", R"("采集")"), "");
  EXPECT_EQ(mistake(R"({"pattern":"^[a-z]+$"})", R"("abc")"), "");
  EXPECT_NE(mistake(R"({"pattern":"^[a-z]+$"})", R"("abc1")"), "");
  EXPECT_EQ(mistake(R"({"enum":["a",1,null]})", "null"), "");
  EXPECT_NE(mistake(R"({"enum":["a",1]})", R"("b")"), "");
  EXPECT_NE(mistake(R"({"const":true})", "false"), "");
}

TEST(SchemaCheck, knows_a_time_with_its_zone) {
  const std::string schema = R"({"type":["string","null"],"format":"date-time"})";

  EXPECT_EQ(mistake(schema, R"("2026-01-01T12:00:00.000Z")"), "");
  EXPECT_EQ(mistake(schema, R"("2026-01-01T12:00:00+08:00")"), "");
  EXPECT_EQ(mistake(schema, R"("1969-12-31T16:00:00.000Z")"), "");
  EXPECT_EQ(mistake(schema, "null"), "");
  EXPECT_NE(mistake(schema, R"("2026-01-01 12:00:00Z")"), "");
  EXPECT_NE(mistake(schema, R"("2026-01-01T12:00:00")"), "");
  EXPECT_NE(mistake(schema, R"("2026-02-30T12:00:00Z")"), "");
  EXPECT_NE(mistake(schema, R"("soon")"), "");
}

TEST(SchemaCheck, counts_the_branches_that_match) {
  EXPECT_EQ(mistake(R"({"oneOf":[{"type":"string"},{"type":"integer"}]})", "1"), "");
  EXPECT_NE(mistake(R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1"), "");
  EXPECT_EQ(mistake(R"({"anyOf":[{"type":"number"},{"type":"integer"}]})", "1"), "");
  EXPECT_THAT(mistake(R"({"oneOf":[{"type":"string"},{"type":"null"}]})", "1"),
              HasSubstr("0 of 2 branches match"));
}

TEST(SchemaCheck, follows_references_also_to_itself) {
  EXPECT_EQ(mistake(R"({"$ref":"#/components/schemas/Level"})", R"("low")"), "");
  EXPECT_NE(mistake(R"({"$ref":"#/components/schemas/Level"})", R"("mid")"), "");
  EXPECT_EQ(mistake(R"({"$ref":"#/components/schemas/Tree"})", R"({"leaves":[{"leaves":[]}]})"),
            "");
  EXPECT_NE(mistake(R"({"$ref":"#/components/schemas/Tree"})", R"({"leaves":[{"roots":1}]})"), "");
}

TEST(SchemaCheck, does_not_pass_over_what_it_cannot_check) {
  EXPECT_THROW(mistake(R"({"multipleOf":2})", "4"), std::logic_error);
  EXPECT_THROW(mistake(R"({"format":"email"})", R"("x")"), std::logic_error);
  EXPECT_THROW(mistake(R"({"type":"text"})", R"("x")"), std::logic_error);
  EXPECT_THROW(mistake(R"({"$ref":"#/components/schemas/Lost"})", "1"), std::logic_error);
  EXPECT_THROW(mistake(R"({"properties":{"a":{"items":{"not":{}}}}})", "{}"), std::logic_error);
  EXPECT_THROW(mistake(R"({"type")", "1"), std::logic_error);
}

TEST(SchemaCheck, understands_all_shared_schemas_of_the_description) {
  EXPECT_NO_THROW(SchemaCheck{});
}

}  // namespace
}  // namespace wl::web::testing
