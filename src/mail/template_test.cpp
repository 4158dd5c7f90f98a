#include "mail/template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::mail {
namespace {

std::string filled(const std::string& text, const TextFields& fields,
                   Escape escape = Escape::none) {
  const auto made = Template::parse(text, "t.txt", escape);
  if (!made) return made.error().what;
  const auto out = made->render(fields);
  return out ? *out : out.error().what;
}

TextFields fields() {
  TextFields all;
  all.values = {{"plant", "Demo & Sons"}, {"empty", ""}, {"quote", "a \"b\"\n<c>"}};
  all.lists["lines"] = {{{{"name", "one"}, {"comma", ","}}, {}},
                        {{{"name", "two"}, {"comma", ""}}, {}}};
  all.lists["none"] = {};
  return all;
}

TEST(Template, places_values) {
  EXPECT_EQ(filled("at {{plant}}, {{ plant }}.", fields()), "at Demo & Sons, Demo & Sons.");
}

TEST(Template, repeats_a_list_and_sees_the_names_around_it) {
  EXPECT_EQ(filled("[{{#lines}}{{name}}@{{plant}}{{comma}}{{/lines}}]", fields()),
            "[one@Demo & Sons,two@Demo & Sons]");
}

TEST(Template, an_empty_list_or_value_hides_its_inside) {
  EXPECT_EQ(filled("a{{#none}}x{{/none}}{{#empty}}y{{/empty}}{{#plant}}z{{/plant}}", fields()),
            "az");
}

TEST(Template, a_line_of_its_own_for_a_list_leaves_no_empty_line) {
  EXPECT_EQ(filled("a\n{{#lines}}\n- {{name}}\n{{/lines}}\nb\n", fields()), "a\n- one\n- two\nb\n");
  EXPECT_EQ(filled("{{#none}}\nx\n{{/none}}\n{{nothing}}\n", fields()).substr(0, 7), "t.txt:4");
  EXPECT_EQ(filled("a {{#plant}}\nb\n{{/plant}}", fields()), "a \nb\n");
}

TEST(Template, escapes_html_and_json) {
  EXPECT_EQ(filled("{{quote}}", fields(), Escape::html), "a &quot;b&quot;\n&lt;c&gt;");
  EXPECT_EQ(filled("{{quote}}", fields(), Escape::json), "a \\\"b\\\"\\u000a<c>");
}

TEST(Template, a_value_is_never_read_as_a_template) {
  TextFields sly;
  sly.values["plant"] = "{{secret}}";

  EXPECT_EQ(filled("{{plant}}", sly), "{{secret}}");
}

struct Mistake {
  const char* text;
  const char* message;
};
struct TemplateMistake : testing::TestWithParam<Mistake> {};

TEST_P(TemplateMistake, is_named_with_file_and_line) {
  EXPECT_EQ(filled(GetParam().text, fields()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Template, TemplateMistake,
    testing::Values(
        Mistake{"a\n{{plnt}}", "t.txt:2: nothing is called 'plnt'; did you mean 'plant'?"},
        Mistake{"\n\n{{#zzzzzz}}{{/zzzzzz}}", "t.txt:3: nothing is called 'zzzzzz'"},
        Mistake{"a\n{{plant", "t.txt:2: '{{' without '}}'"},
        Mistake{"{{Pl ant}}", "t.txt:1: 'Pl ant' is not a name"},
        Mistake{"{{#lines}}\n", "t.txt:2: '{{#lines}}' is not closed"},
        Mistake{"{{#lines}}{{/none}}", "t.txt:1: '{{/none}}' without '{{#none}}' before it"},
        Mistake{"{{/lines}}", "t.txt:1: '{{/lines}}' without '{{#lines}}' before it"},
        Mistake{"{{#lines}}{{#lines}}{{#lines}}{{#lines}}{{#lines}}",
                "t.txt:1: lists are nested too deep"}));

}  // namespace
}  // namespace wl::mail
