#include "base/open_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace wl {
namespace {

using testing::HasSubstr;

class OpenFileTest : public testing::Test {
 protected:
  OpenFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-file-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~OpenFileTest() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
};

TEST_F(OpenFileTest, reads_what_was_written_at_an_offset_and_stops_at_the_end) {
  auto file = OpenFile::open(directory_ / "a", OpenMode::update).value();
  ASSERT_TRUE(file.write_at(3, "defg"));
  ASSERT_TRUE(file.write_at(0, "abc"));

  std::array<char, 100> bytes{};
  EXPECT_EQ(file.read_at(2, bytes).value(), 5u);
  EXPECT_EQ(std::string_view(bytes.data(), 5), "cdefg");
  EXPECT_EQ(file.size().value(), 7u);
}

TEST_F(OpenFileTest, creates_files_that_others_cannot_read) {
  ASSERT_TRUE(OpenFile::open(directory_ / "a", OpenMode::create));

  const auto mode = std::filesystem::status(directory_ / "a").permissions();
  EXPECT_EQ(mode & std::filesystem::perms{077}, std::filesystem::perms::none);
}

TEST_F(OpenFileTest, create_refuses_a_file_that_exists) {
  ASSERT_TRUE(OpenFile::open(directory_ / "a", OpenMode::create));

  EXPECT_EQ(OpenFile::open(directory_ / "a", OpenMode::create).error().code, Errc::conflict);
}

TEST_F(OpenFileTest, a_missing_file_is_not_found_and_named) {
  const auto file = OpenFile::open(directory_ / "missing", OpenMode::read);

  EXPECT_EQ(file.error().code, Errc::not_found);
  EXPECT_THAT(file.error().what, HasSubstr("missing"));
}

TEST_F(OpenFileTest, a_full_disk_is_called_a_full_disk) {
  auto full = OpenFile::open("/dev/full", OpenMode::update).value();

  EXPECT_THAT(full.write_at(0, "x").error().what, HasSubstr("the disk is full"));
}

TEST_F(OpenFileTest, a_lock_excludes_a_second_opener_until_it_is_closed) {
  auto first = std::optional(OpenFile::open(directory_ / "a", OpenMode::update).value());
  auto second = OpenFile::open(directory_ / "a", OpenMode::update).value();
  ASSERT_TRUE(first->lock());

  EXPECT_EQ(second.lock().error().code, Errc::conflict);
  first.reset();
  EXPECT_TRUE(second.lock());
}

}  // namespace
}  // namespace wl
