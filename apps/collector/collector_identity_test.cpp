#include "apps/collector/collector_identity.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/durable_file.hpp"

namespace wl {
namespace {

class CollectorIdentityTest : public testing::Test {
 protected:
  CollectorIdentityTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-id-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~CollectorIdentityTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& text) {
    ASSERT_TRUE(write_file(folder_ / "collector.id", text, Durability::synced));
  }

  std::filesystem::path folder_;
};

TEST_F(CollectorIdentityTest, each_start_counts_one_more_run_of_the_same_source) {
  const auto first = begin_run(folder_).value();
  const auto second = begin_run(folder_).value();

  EXPECT_EQ(first.run, 1u);
  EXPECT_EQ(second.run, 2u);
  EXPECT_EQ(second.source, first.source);
}

TEST_F(CollectorIdentityTest, a_file_of_an_older_version_keeps_its_source) {
  write("collector-0123456789abcdef\n");

  const auto identity = begin_run(folder_).value();

  EXPECT_EQ(identity.source, "collector-0123456789abcdef");
  EXPECT_EQ(identity.run, 1u);
}

TEST_F(CollectorIdentityTest, an_empty_file_begins_a_new_source) {
  write("");

  EXPECT_TRUE(begin_run(folder_).value().source.starts_with("collector-"));
}

TEST_F(CollectorIdentityTest, a_renewed_source_is_another_one_of_the_same_run) {
  const auto before = begin_run(folder_).value();

  const auto after = renew_source(folder_, before.run).value();

  EXPECT_NE(after.source, before.source);
  EXPECT_EQ(after.run, before.run);
  EXPECT_EQ(begin_run(folder_).value().source, after.source);
}

}  // namespace
}  // namespace wl
