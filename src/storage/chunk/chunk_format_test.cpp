// Version 1 on disk, byte by byte. If a test here fails, the format has changed: give the new one
// a new version number and keep reading this one.
#include <fmt/format.h>

#include <cstring>
#include <iterator>

#include "storage/chunk/byte_planes.hpp"
#include "storage/chunk/decimal_grid.hpp"
#include "storage/chunk/layout.hpp"
#include "storage/chunk/testing/series.hpp"
#include "storage/chunk/zstd_frame.hpp"

namespace wl::storage {
namespace {

using testing::at;

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes)
    fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

/// What lies in the frame: another libzstd may pack it in other bytes, these stay.
std::string columns_of(std::string_view chunk) {
  const auto header = chunk::read_header(chunk);
  std::string columns(chunk::columns_size(*header), '\0');
  const auto read = chunk::read_frame(chunk.substr(chunk_header_bytes), columns);
  return read ? columns : read.error().what;
}

/// The header without the size and the checksums that depend on libzstd.
std::string stable_header(std::string_view chunk) {
  std::string header(chunk.substr(0, 100));
  return header.replace(28, 8, 8, '\0');
}

const std::vector<Sample> decimals{at(1763000000000, 12.345), at(1763000001000, 12.347),
                                   at(1763000002003, 12.347, quality::bad_no_communication),
                                   at(1763000003000, 300.001)};
const std::vector<Sample> doubles =
    testing::series_of_bits({0x3FF0000000000001, 0xFFF8DEADBEEF0001, 0x8000000000000000});
std::vector<Sample> patched_reals() {
  std::vector<Sample> samples = testing::constant(64, static_cast<float>(0.1));
  samples[1].value = -0.0;
  return samples;
}

const std::string decimals_v1 = from_hex(
    "574c434b010203000103000004000000030000000300000000000000380000008ddd4881001efd7a9a010000"
    "b829fd7a9a0100003930000000000000713d0ad7a3b02840bc74931804c072400c022b87164b7440713d0ad7"
    "a3b02840bc74931804c072404443c98028b52ffd20289c00005802000000013180000000000200608033a705"
    "2000000000060b2000000004004c200000000000c721000000000008");
const std::string doubles_v1 = from_hex(
    "574c434b01000000000800000300000002000000010000000000000041000000d33cc229001efd7a9a010000"
    "d025fd7a9a010000010000000000f03f0000000000000080010000000000f03f010000000000f03f01000000"
    "0000f03f0000000000000080a5301f8528b52ffd202040000003000000000000001800000000011800000000"
    "0018000000efef18000000bebe18000000adad18000000dede1800000008f819000000c07f");
const std::string reals_v1 = from_hex(
    "574c434b01020101000000004000000040000000010000000100000016000000ddfe468e001efd7a9a010000"
    "1814fe7a9a01000001000000000000000000000000000080000000a09999b93f0000803933331940000000a0"
    "9999b93f000000a09999b93f1253f9b228b52ffd20146d00002840000100800200a0e0016001");

TEST(ChunkFormat, version_1_of_decimals_is_still_read) {
  EXPECT_TRUE(testing::same_bits(*decode_chunk(decimals_v1, testing::some_point), decimals));
}

TEST(ChunkFormat, version_1_of_other_doubles_is_still_read) {
  EXPECT_TRUE(testing::same_bits(*decode_chunk(doubles_v1, testing::some_point), doubles));
}

TEST(ChunkFormat, version_1_of_reals_with_a_patch_is_still_read) {
  EXPECT_TRUE(testing::same_bits(*decode_chunk(reals_v1, testing::some_point), patched_reals()));
}

TEST(ChunkFormat, version_1_is_still_written) {
  EXPECT_EQ(to_hex(stable_header(*encode_chunk(decimals))), to_hex(stable_header(decimals_v1)));
  EXPECT_EQ(to_hex(columns_of(*encode_chunk(decimals))), to_hex(columns_of(decimals_v1)));
  EXPECT_EQ(to_hex(stable_header(*encode_chunk(doubles))), to_hex(stable_header(doubles_v1)));
  EXPECT_EQ(to_hex(columns_of(*encode_chunk(doubles))), to_hex(columns_of(doubles_v1)));
  EXPECT_EQ(to_hex(stable_header(*encode_chunk(patched_reals()))), to_hex(stable_header(reals_v1)));
  EXPECT_EQ(to_hex(columns_of(*encode_chunk(patched_reals()))), to_hex(columns_of(reals_v1)));
}

TEST(ChunkFormat, columns_lie_as_described) {
  EXPECT_EQ(to_hex(columns_of(decimals_v1)),
            "0200000001000000010000000000000000003180000000000000060b0004004c000000c700000008");
}

TEST(ChunkFormat, a_newer_version_is_a_conflict_and_not_damage) {
  std::string chunk = decimals_v1;
  chunk[4] = 2;
  const std::uint32_t crc = chunk::checksum(std::string_view(chunk).substr(0, 100));
  std::memcpy(chunk.data() + 100, &crc, sizeof crc);

  const auto refused = decode_chunk(chunk, testing::some_point);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::conflict);
  EXPECT_THAT(refused.error().what, ::testing::HasSubstr("format version 2"));
}

TEST(ChunkFormat, an_absurd_count_is_refused_before_memory_is_asked_for) {
  chunk::Header header = *chunk::read_header(decimals_v1);
  header.count = 4'000'000'000;

  EXPECT_THAT(testing::damage_found_in(chunk::write_header(header)),
              ::testing::HasSubstr("impossible sample count at byte 12"));
}

TEST(ChunkFormat, a_frame_that_does_not_fit_its_header_is_refused) {
  chunk::Header header = *chunk::read_header(decimals_v1);
  header.value_width = 8;
  const std::string frame = decimals_v1.substr(chunk_header_bytes);

  EXPECT_THAT(testing::damage_found_in(chunk::write_header(header) + frame),
              ::testing::HasSubstr("its header says"));
}

TEST(ChunkFormat, times_that_do_not_reach_the_last_are_refused) {
  chunk::Header header = *chunk::read_header(decimals_v1);
  header.last_time += 100;
  const std::string frame = decimals_v1.substr(chunk_header_bytes);

  EXPECT_THAT(testing::damage_found_in(chunk::write_header(header) + frame),
              ::testing::HasSubstr("times do not ascend"));
}

TEST(ChunkFormat, zigzag_turns_back_at_both_ends) {
  EXPECT_EQ(chunk::zigzag(~std::uint64_t{0}), 1u);
  EXPECT_EQ(chunk::unzigzag(chunk::zigzag(std::uint64_t{1} << 63)), std::uint64_t{1} << 63);
}

TEST(DecimalGrid, takes_the_coarsest_that_fits) {
  EXPECT_EQ(chunk::find_grid(std::vector{at(1, 12), at(2, 12.5)}), (chunk::Grid{1, false}));
  EXPECT_EQ(chunk::find_grid(std::vector{at(1, 0.1F), at(2, 12.345F)}), (chunk::Grid{3, true}));
}

TEST(DecimalGrid, is_not_stretched_by_one_value_of_many) {
  std::vector<Sample> samples = testing::constant(640, 12.5);
  samples[9].value = 0.123456789;

  EXPECT_EQ(chunk::find_grid(samples), (chunk::Grid{1, false}));
}

TEST(DecimalGrid, is_none_for_values_that_are_no_decimals) {
  EXPECT_EQ(chunk::find_grid(std::vector{at(1, 1.0 / 3), at(2, std::sqrt(2.0))}), std::nullopt);
}

}  // namespace
}  // namespace wl::storage
