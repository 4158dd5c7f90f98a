#include "base/durable_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wl {
namespace {

namespace fs = std::filesystem;

class DurableFile : public ::testing::Test {
 protected:
  DurableFile() {
    std::string name = (fs::temp_directory_path() / "wl-file-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~DurableFile() override { fs::remove_all(directory_); }
  fs::path directory_;
};

TEST_F(DurableFile, what_is_written_reads_back_and_replaces_the_old) {
  const fs::path file = directory_ / "a";
  ASSERT_TRUE(write_file(file, "old", Durability::visible).has_value());
  ASSERT_TRUE(write_file(file, "new", Durability::synced, 0600).has_value());

  EXPECT_EQ(read_file(file).value(), "new");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(directory_ / "a.tmp"));
}

TEST_F(DurableFile, a_missing_file_is_not_found_and_named) {
  const auto content = read_file(directory_ / "none");

  EXPECT_EQ(content.error().code, Errc::not_found);
  EXPECT_THAT(content.error().what, ::testing::HasSubstr((directory_ / "none").string()));
}

TEST_F(DurableFile, a_file_above_the_limit_is_refused) {
  ASSERT_TRUE(write_file(directory_ / "a", std::string(101, 'x'), Durability::visible));

  EXPECT_EQ(read_file(directory_ / "a", 100).error().code, Errc::invalid_argument);
  EXPECT_TRUE(read_file(directory_ / "a", 101).has_value());
}

TEST_F(DurableFile, a_write_that_fails_leaves_the_old_content) {
  ASSERT_TRUE(write_file(directory_ / "a", "old", Durability::visible));
  fs::create_directory(directory_ / "a.tmp");  // The temporary file cannot be made.

  EXPECT_FALSE(write_file(directory_ / "a", "new", Durability::visible).has_value());

  EXPECT_EQ(read_file(directory_ / "a").value(), "old");
}

TEST_F(DurableFile, a_writable_directory_is_made_with_its_parents_and_left_empty) {
  ASSERT_TRUE(ensure_writable_directory(directory_ / "x" / "y").has_value());

  EXPECT_TRUE(fs::is_empty(directory_ / "x" / "y"));
}

TEST_F(DurableFile, a_directory_that_cannot_be_made_is_named) {
  ASSERT_TRUE(write_file(directory_ / "file", "", Durability::visible));

  const auto made = ensure_writable_directory(directory_ / "file" / "x");

  EXPECT_EQ(made.error().code, Errc::permission);
  EXPECT_THAT(made.error().what, ::testing::HasSubstr("file/x"));
}

TEST(Crc32c, agrees_with_the_check_value_of_the_standard) {
  const std::string_view digits = "123456789";
  EXPECT_EQ(crc32c(std::as_bytes(std::span(digits))), 0xE3069283u);
}

TEST(Crc32c, goes_on_from_a_seed) {
  const std::string_view first = "1234", second = "56789";
  EXPECT_EQ(crc32c(std::as_bytes(std::span(second)), crc32c(std::as_bytes(std::span(first)))),
            0xE3069283u);
}

std::uint32_t byte_by_byte(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0;
  for (const std::byte& byte : bytes) crc = crc32c(std::span(&byte, 1), crc);
  return crc;
}

TEST(Crc32c, is_the_same_in_one_piece_and_byte_by_byte) {
  const std::string text = "forty-five bytes, which eight does not divide";
  const auto bytes = std::as_bytes(std::span(text));

  EXPECT_EQ(crc32c(bytes), byte_by_byte(bytes));
  EXPECT_EQ(crc32c(bytes.subspan(3, 16)), byte_by_byte(bytes.subspan(3, 16)));
}

TEST(Crc32c, is_the_same_by_tables) {
  const std::string text = "forty-five bytes, which eight does not divide";
  const auto bytes = std::as_bytes(std::span(text));

  EXPECT_EQ(crc32c_by_tables(bytes, 7), crc32c(bytes, 7));
  EXPECT_EQ(crc32c_by_tables(bytes.first(9)), crc32c(bytes.first(9)));
}

}  // namespace
}  // namespace wl
