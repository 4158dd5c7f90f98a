#include "storage/chunk/layout.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <span>

#include "base/durable_file.hpp"

namespace wl::storage::chunk {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is copied byte by byte");

constexpr std::size_t checksum_at = 100;

template <class T>
T read_at(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// One list of the fields serves both directions, so that they cannot disagree.
template <class HeaderType, class Visit>
void visit_fields(HeaderType& header, Visit visit) {
  visit(12, header.count);
  visit(16, header.usable);
  visit(20, header.runs);
  visit(24, header.patches);
  visit(28, header.frame_size);
  visit(32, header.frame_crc);
  visit(36, header.first_time);
  visit(44, header.last_time);
  visit(52, header.base);
  visit(60, header.min);
  visit(68, header.max);
  visit(76, header.sum);
  visit(84, header.first);
  visit(92, header.last);
}

Result<void> check_identity(std::string_view chunk) {
  if (chunk.size() < chunk_header_bytes)
    return fail(Errc::corrupt, fmt::format("chunk is cut at byte {}: its header has {} bytes",
                                           chunk.size(), chunk_header_bytes));
  if (!chunk.starts_with(magic))
    return fail(Errc::corrupt, "not a chunk: bytes 0 to 3 are not 'WLCK'");
  const auto stored = read_at<std::uint32_t>(chunk, checksum_at);
  if (stored != checksum(chunk.substr(0, checksum_at)))
    return fail(Errc::corrupt, "chunk header is damaged: checksum of bytes 0 to 99 differs");
  // After the checksum: a flipped bit in the version is damage, not a newer program.
  const auto version = static_cast<std::uint8_t>(chunk[4]);
  if (version != format_version)
    return fail(Errc::conflict,
                fmt::format("chunk has format version {}, this program reads {}: use a newer one",
                            version, format_version));
  return {};
}

/// The field that no encoder writes so, or nothing.
std::string_view impossible_field(const Header& header) {
  if (header.count == 0 || header.count > max_chunk_samples) return "sample count at byte 12";
  if (header.usable > header.count) return "usable count at byte 16";
  if (header.runs == 0 || header.runs > header.count) return "quality runs at byte 20";
  if (header.patches > header.count) return "patches at byte 24";
  if (header.time_width > 8) return "time width at byte 8";
  if (header.value_width > 8) return "value width at byte 9";
  if (header.coding > ValueCoding::delta) return "value coding at byte 5";
  if (header.grid.decimals > max_decimals) return "decimals at byte 6";
  if (header.last_time < header.first_time) return "last time at byte 44";
  if ((header.count == 1) != (header.last_time == header.first_time)) return "times at byte 36";
  return {};
}

}  // namespace

std::uint32_t checksum(std::string_view bytes) {
  return crc32c(std::as_bytes(std::span(bytes)));
}

std::size_t columns_size(const Header& header) {
  const std::size_t widths = std::size_t{header.time_width} + header.value_width;
  return std::size_t{header.runs} * 8 + std::size_t{header.patches} * 12 + widths * header.count;
}

std::uint64_t mean_step(const Header& header) {
  if (header.count < 2) return 0;
  const auto first = static_cast<std::uint64_t>(header.first_time);
  return (static_cast<std::uint64_t>(header.last_time) - first) / (header.count - 1);
}

std::string write_header(const Header& header) {
  std::string bytes(chunk_header_bytes, '\0');
  magic.copy(bytes.data(), magic.size());
  bytes[4] = static_cast<char>(format_version);
  bytes[5] = static_cast<char>(header.coding);
  bytes[6] = static_cast<char>(header.grid.decimals);
  bytes[7] = static_cast<char>(header.grid.narrow ? 1 : 0);
  bytes[8] = static_cast<char>(header.time_width);
  bytes[9] = static_cast<char>(header.value_width);
  visit_fields(header, [&](std::size_t at, const auto& field) {
    std::memcpy(bytes.data() + at, &field, sizeof field);
  });
  const std::uint32_t crc = checksum(std::string_view(bytes).substr(0, checksum_at));
  std::memcpy(bytes.data() + checksum_at, &crc, sizeof crc);
  return bytes;
}

Result<Header> read_header(std::string_view chunk) {
  if (const auto known = check_identity(chunk); !known) return std::unexpected(known.error());
  Header header;
  header.coding = static_cast<ValueCoding>(chunk[5]);
  header.grid.decimals = static_cast<std::uint8_t>(chunk[6]);
  header.grid.narrow = chunk[7] == 1;
  header.time_width = static_cast<std::uint8_t>(chunk[8]);
  header.value_width = static_cast<std::uint8_t>(chunk[9]);
  visit_fields(header, [&](std::size_t at, auto& field) {
    std::memcpy(&field, chunk.data() + at, sizeof field);
  });
  const std::string_view wrong = impossible_field(header);
  const bool reserved = (chunk[7] & ~1) != 0 || chunk[10] != 0 || chunk[11] != 0;
  if (!wrong.empty() || reserved)
    return fail(Errc::corrupt, fmt::format("chunk header is damaged: impossible {}",
                                           reserved ? "flag at bytes 7 to 11" : wrong));
  return header;
}

}  // namespace wl::storage::chunk
