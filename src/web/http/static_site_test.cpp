#include "web/http/static_site.hpp"

#include <gtest/gtest.h>

#include "base/durable_file.hpp"
#include "web/http/gzip.hpp"

namespace wl::web {
namespace {

class StaticSiteTest : public testing::Test {
 protected:
  StaticSiteTest() {
    std::filesystem::create_directories(folder_ / "assets");
    put("index.html", "<html>app</html>");
    put("assets/index-1a2b.js", std::string(2000, 'x'));
    put("logo.png", "png");
  }
  ~StaticSiteTest() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& name, const std::string& content) {
    ASSERT_TRUE(write_file(folder_ / name, content, Durability::visible).has_value());
  }

  static Request get(std::string path, Headers headers = {}) {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    return request;
  }

  static std::string header(const Response& response, std::string_view name) {
    const auto found =
        std::ranges::find(response.headers, name, [](const auto& h) { return h.first; });
    return found == response.headers.end() ? "" : found->second;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("wl-static-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(StaticSiteTest, views_of_the_application_get_its_page_uncached) {
  const auto site = StaticSite::load(folder_);

  const auto response = site->serve(get("/devices/conveyor"));

  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->content(), "<html>app</html>");
  EXPECT_EQ(header(*response, "Cache-Control"), "no-cache");
}

TEST_F(StaticSiteTest, hashed_files_are_cached_for_ever_and_sent_compressed) {
  const auto site = StaticSite::load(folder_);

  const auto response =
      site->serve(get("/assets/index-1a2b.js", {{"accept-encoding", "br, gzip"}}));

  EXPECT_EQ(header(*response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(*response, "Content-Encoding"), "gzip");
  EXPECT_LT(response->content().size(), 2000u);
}

TEST_F(StaticSiteTest, who_does_not_take_gzip_gets_the_plain_file) {
  const auto site = StaticSite::load(folder_);

  EXPECT_EQ(site->serve(get("/assets/index-1a2b.js"))->content().size(), 2000u);
  EXPECT_FALSE(accepts_gzip("gzip;q=0, br"));
  EXPECT_TRUE(accepts_gzip("gzip;q=0.5"));
}

TEST_F(StaticSiteTest, a_file_that_the_browser_has_is_not_sent_again) {
  const auto site = StaticSite::load(folder_);
  const std::string etag = header(*site->serve(get("/logo.png")), "ETag");

  const auto response = site->serve(get("/logo.png", {{"if-none-match", etag}}));

  EXPECT_EQ(response->status, 304);
  EXPECT_EQ(response->content(), "");
}

TEST_F(StaticSiteTest, a_file_that_is_not_in_the_manifest_does_not_exist) {
  put("later.txt", "came after the start");
  const auto site = StaticSite::load(folder_);
  put("secret.txt", "came after the start");

  EXPECT_TRUE(site->serve(get("/later.txt")).has_value());
  EXPECT_FALSE(site->serve(get("/secret.txt")).has_value());
  EXPECT_FALSE(site->serve(get("/assets/../index.html.bak")).has_value());
}

TEST_F(StaticSiteTest, without_a_build_every_view_says_how_to_make_one) {
  const auto site = StaticSite::load(folder_ / "nowhere");

  EXPECT_FALSE(site->built());
  EXPECT_NE(site->serve(get("/"))->content().find("npm run build"), std::string::npos);
}

}  // namespace
}  // namespace wl::web
