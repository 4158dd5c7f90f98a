#include "storage/backup/tar_header.hpp"

#include <gtest/gtest.h>

namespace wl::storage {
namespace {

TarBlock last_block(const std::string& bytes) {
  return decode_tar_block(std::string_view(bytes).substr(bytes.size() - tar_block)).value();
}

TEST(TarHeader, says_what_it_was_given) {
  const TarBlock block = last_block(
      encode_tar_header({.name = "top/.env", .size = 513, .mode = 0640, .mtime = 1'700'000'000}));

  EXPECT_EQ(block.kind, TarBlock::Kind::file);
  EXPECT_EQ(block.member.name, "top/.env");
  EXPECT_EQ(block.member.size, 513u);
  EXPECT_EQ(block.member.mode, 0640u);
  EXPECT_EQ(block.member.mtime, 1'700'000'000);
}

TEST(TarHeader, holds_sizes_above_eight_gigabytes) {
  const std::uint64_t size = 123'456'789'012'345;

  EXPECT_EQ(last_block(encode_tar_header({.name = "big", .size = size})).member.size, size);
}

TEST(TarHeader, puts_long_names_into_a_member_before) {
  const std::string name(300, 'n');
  const std::string bytes = encode_tar_header({.name = name, .size = 1});

  EXPECT_EQ(bytes.size(), 3 * tar_block);
  EXPECT_EQ(decode_tar_block(bytes.substr(0, tar_block)).value().kind, TarBlock::Kind::long_name);
  EXPECT_EQ(bytes.substr(tar_block, 300), name);
}

TEST(TarHeader, zeros_are_the_end) {
  EXPECT_EQ(decode_tar_block(std::string(tar_block, '\0')).value().kind, TarBlock::Kind::end);
}

TEST(TarHeader, a_flipped_byte_is_corrupt) {
  std::string bytes = encode_tar_header({.name = "a", .size = 1});
  bytes[300] = 'x';

  EXPECT_EQ(decode_tar_block(bytes).error().code, Errc::corrupt);
}

}  // namespace
}  // namespace wl::storage
