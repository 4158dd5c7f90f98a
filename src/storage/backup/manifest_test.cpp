#include "storage/backup/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::storage {
namespace {

using testing::HasSubstr;

Manifest some_manifest() {
  return {.version = "0.1.0",
          .made_at = parse_iso8601("2026-11-22T12:00:00.250").value(),
          .database = "sqlite",
          .schema = 2,
          .rows = {{"users", 1}},
          .files = {{.name = "配置/plant.json", .bytes = 5, .mode = 0644, .sha256 = "ab"}}};
}

TEST(Manifest, comes_back_from_its_text) {
  EXPECT_EQ(parse_manifest(to_json(some_manifest()), "b.tar.zst").value(), some_manifest());
}

TEST(Manifest, refuses_names_that_lead_out_of_the_folder) {
  EXPECT_FALSE(is_safe_name("../etc/passwd"));
  EXPECT_FALSE(is_safe_name("config/../../x"));
  EXPECT_FALSE(is_safe_name("/etc/passwd"));
  EXPECT_FALSE(is_safe_name("a//b"));
  EXPECT_FALSE(is_safe_name("a/"));
  EXPECT_FALSE(is_safe_name("a\nb"));
  EXPECT_FALSE(is_safe_name("a\xff"));
  EXPECT_TRUE(is_safe_name(".env"));
  EXPECT_TRUE(is_safe_name("配置/plant.json"));

  Manifest manifest = some_manifest();
  manifest.files[0].name = "../.bashrc";
  EXPECT_EQ(parse_manifest(to_json(manifest), "b").error().code, Errc::corrupt);
}

TEST(Manifest, a_newer_format_is_refused_with_the_next_step) {
  Manifest manifest = some_manifest();
  manifest.format = 2;

  const auto parsed = parse_manifest(to_json(manifest), "b.tar.zst");
  EXPECT_EQ(parsed.error().code, Errc::conflict);
  EXPECT_THAT(parsed.error().what, HasSubstr("b.tar.zst has format 2"));
}

TEST(Manifest, other_texts_are_no_manifest) {
  EXPECT_EQ(parse_manifest("", "b").error().code, Errc::corrupt);
  EXPECT_EQ(parse_manifest("{}", "b").error().code, Errc::corrupt);
  EXPECT_EQ(parse_manifest("[1]", "b").error().code, Errc::corrupt);
}

}  // namespace
}  // namespace wl::storage
