#include "web/openapi/document.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace wl::web::testing;
using ::testing::HasSubstr;
using ::testing::Not;
namespace json = boost::json;

std::vector<Route> some_routes() {
  return {{"GET", "/healthz", Access::anyone, Scope::none, {}},
          {"GET", "/api/alarms", Access::user, Scope::read, {}},
          {"POST", "/api/alarms/{id}/acknowledge", Access::user, Scope::alarms, {}},
          {"PUT", "/api/thresholds/{id}", Access::admin, Scope::thresholds, {}},
          {"GET", "/api/thresholds/{id}", Access::user, Scope::read, {}}};
}

json::value described(const std::vector<Route>& routes) {
  return json::parse(openapi::openapi_document("9.8.7", openapi::described_calls(routes)));
}

/// The member that the names lead to; `/` stands in names of paths.
const json::value& at(const json::value& document, std::initializer_list<const char*> names) {
  const json::value* value = &document;
  for (const char* name : names) value = &value->as_object().at(name);
  return *value;
}

std::string text(const json::value& value) {
  return json::serialize(value);
}

TEST(OpenApiDocument, has_the_version_and_the_calls_of_the_routes_that_are_there) {
  const json::value document = described(some_routes());

  EXPECT_EQ(text(at(document, {"openapi"})), R"("3.1.0")");
  EXPECT_EQ(text(at(document, {"info", "version"})), R"("9.8.7")");
  EXPECT_EQ(at(document, {"paths"}).as_object().size(), 5u) << "four paths and /ws/live";
  EXPECT_EQ(at(document, {"paths", "/api/thresholds/{id}"}).as_object().size(), 2u);
  EXPECT_EQ(text(at(document, {"paths", "/api/alarms", "get", "operationId"})), R"("list_alarms")");
}

TEST(OpenApiDocument, says_who_may_call_from_the_route_table) {
  const json::value document = described(some_routes());
  const auto& paths = at(document, {"paths"});
  const auto& acknowledge = at(paths, {"/api/alarms/{id}/acknowledge", "post"});
  const auto& change = at(paths, {"/api/thresholds/{id}", "put"});

  EXPECT_EQ(text(at(paths, {"/healthz", "get", "security"})), "[]");
  EXPECT_EQ(text(at(paths, {"/api/alarms", "get", "security"})),
            R"([{"session":[]},{"token":["read"]}])");
  EXPECT_EQ(text(at(acknowledge, {"security"})),
            R"([{"session":[],"csrf":[]},{"token":["alarms"]}])");
  EXPECT_EQ(text(at(change, {"x-required-role"})), R"("admin")");
  EXPECT_EQ(text(at(change, {"x-required-scope"})), R"("thresholds")");
  EXPECT_THAT(text(at(change, {"description"})), HasSubstr("A token needs the scope `thresholds`"));
}

TEST(OpenApiDocument, names_the_answers_with_their_media_types) {
  const json::value document = described(some_routes());
  const auto& list = at(document, {"paths", "/api/alarms", "get"});
  const auto& change = at(document, {"paths", "/api/thresholds/{id}", "put"});

  EXPECT_EQ(at(list, {"responses", "200", "content"}).as_object().size(), 2u) << "JSON and CSV";
  EXPECT_THAT(text(at(list, {"parameters"})), HasSubstr(R"("name":"format")"));
  EXPECT_THAT(text(at(list, {"parameters"})), HasSubstr(R"("example":100)"));
  for (const char* status : {"200", "400", "401", "403", "404", "409", "412", "413", "415", "503"})
    EXPECT_TRUE(at(change, {"responses"}).as_object().contains(status)) << status;
  EXPECT_THAT(text(at(change, {"responses", "200", "headers"})), HasSubstr("ETag"));
  EXPECT_EQ(text(at(change, {"requestBody", "required"})), "true");
  EXPECT_TRUE(at(document, {"components", "responses", "Conflict", "content"})
                  .as_object()
                  .contains("application/problem+json"));
}

TEST(OpenApiDocument, refers_only_to_components_that_it_has) {
  const RunningServer server;
  const std::string document =
      openapi::openapi_document("1", openapi::described_calls(server.routes()));
  const json::value parsed = json::parse(document);
  const std::string mark = R"("$ref":"#/components/)";
  int references = 0;
  for (auto found = document.find(mark); found != std::string::npos;
       found = document.find(mark, found + 1)) {
    const auto begin = found + mark.size();
    const std::string target = document.substr(begin, document.find('"', begin) - begin);
    const auto slash = target.find('/');
    const auto& kind = at(parsed, {"components", target.substr(0, slash).c_str()});
    EXPECT_TRUE(kind.as_object().contains(target.substr(slash + 1))) << target;
    ++references;
  }
  EXPECT_GT(references, 100);
}

TEST(OpenApiDocument, is_the_same_each_time) {
  const RunningServer server;
  const auto made = [&] {
    return openapi::openapi_document("1", openapi::described_calls(server.routes()));
  };

  EXPECT_EQ(made(), made());
}

TEST(OpenApiDocument, is_served_compressed_with_an_etag_to_who_is_signed_in) {
  const RunningServer server;
  const SignedInClient user = sign_in(server.port(), "operator", "operator1");
  const std::string target = "GET /api/openapi.json";

  const Answer plain = request(server.port(), target, user.cookie);
  const Answer small = request(server.port(), target, user.cookie + "Accept-Encoding: gzip\r\n");
  const Answer again = request(server.port(), target,
                               user.cookie + "If-None-Match: " + plain.header("ETag") + "\r\n");

  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.body, openapi::openapi_document("0", openapi::described_calls(server.routes())));
  EXPECT_EQ(plain.header("Cache-Control"), "private, no-cache");
  EXPECT_EQ(small.header("Content-Encoding"), "gzip");
  EXPECT_LT(small.body.size() * 4, plain.body.size());
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(request(server.port(), target).status, 401);
}

TEST(DocsPage, tells_everybody_how_to_sign_in_in_the_language_of_the_reader) {
  const RunningServer server;

  const Answer chinese = request(server.port(), "GET /api/docs");
  const Answer english = request(server.port(), "GET /api/docs", "Accept-Language: en\r\n");

  EXPECT_EQ(chinese.status, 200);
  EXPECT_EQ(chinese.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(chinese.body, HasSubstr("<html lang=\"zh-CN\">"));
  EXPECT_THAT(chinese.body, HasSubstr("./start_system.sh")) << "the UI is not built here";
  EXPECT_THAT(english.body, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(english.body, HasSubstr("{\"username\":"));
  EXPECT_THAT(english.body, HasSubstr("Authorization: Bearer wl_"));
}

TEST(DocsPage, has_no_inline_script_or_style_and_no_other_host) {
  ServerSetup setup;
  setup.before_start = [](const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory / "ui/docs-ui");
    std::ofstream(directory / "ui/index.html") << "<!doctype html>";
    std::ofstream(directory / "ui/docs-ui/docs.js") << "//";
  };
  const RunningServer server(std::move(setup));

  for (const char* language : {"zh-CN", "en"}) {
    const Answer page =
        request(server.port(), "GET /api/docs", fmt::format("Accept-Language: {}\r\n", language));
    EXPECT_THAT(page.body, HasSubstr(R"(<script src="/docs-ui/docs.js" defer></script>)"));
    EXPECT_THAT(page.body, Not(HasSubstr("<script>")));
    EXPECT_THAT(page.body, Not(HasSubstr("style=")));
    EXPECT_THAT(page.body, Not(HasSubstr("http://")));
    EXPECT_THAT(page.body, Not(HasSubstr("https://")));
    EXPECT_EQ(request(server.port(), "GET /docs-ui/docs.js").status, 200);
  }
}

}  // namespace
}  // namespace wl::web
