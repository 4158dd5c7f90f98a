#include "storage/archive/frame.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <span>

#include "base/check.hpp"
#include "base/durable_file.hpp"

namespace wl::storage::archive {
namespace {

constexpr std::string_view file_magic = "WLAR";
constexpr std::string_view record_magic = "WLRC";
constexpr std::string_view seal_magic = "WLSL";
constexpr char format_version = 1;
constexpr std::size_t magic_bytes = 4;
constexpr std::size_t head_crc_at = head_bytes - 4;

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie");

template <class T>
void append(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

bool has_crc_at(std::string_view bytes, std::size_t at) {
  return checksum(bytes.substr(0, at)) == number_at<std::uint32_t>(bytes, at);
}

}  // namespace

std::uint32_t checksum(std::string_view bytes, std::uint32_t before) {
  return crc32c(std::as_bytes(std::span(bytes)), before);
}

std::string encode_header() {
  std::string out(file_magic);
  out += format_version;
  out.append(7, '\0');
  append(out, checksum(out));
  return out;
}

Result<void> check_header(std::string_view bytes) {
  if (bytes.size() < header_bytes || !bytes.starts_with(file_magic) ||
      !has_crc_at(bytes, header_bytes - 4)) {
    return fail(Errc::corrupt, "it does not start as an archive of Wattline");
  }
  if (bytes[magic_bytes] == format_version) return {};
  return fail(Errc::conflict,
              fmt::format("it has format {}, this program reads format {}: use the version of "
                          "Wattline that wrote it, or a newer one",
                          static_cast<int>(bytes[magic_bytes]), int{format_version}));
}

std::string encode_record(std::string_view key, Timestamp hour, std::string_view body) {
  WL_CHECK(!key.empty() && key.size() <= max_key_bytes && body.size() <= max_body_bytes);
  std::string out;
  out.reserve(head_bytes + key.size() + body.size() + trailer_bytes);
  out += record_magic;
  append(out, static_cast<std::uint16_t>(key.size()));
  append(out, std::uint16_t{0});
  append(out, static_cast<std::uint32_t>(body.size()));
  append(out, to_unix_ms(hour));
  append(out, checksum(out));
  out += key;
  out += body;
  append(out, checksum(std::string_view(out).substr(head_bytes)));
  return out;
}

std::string encode_seal(const Seal& seal) {
  std::string out(seal_magic);
  append(out, seal.records);
  append(out, seal.group_start);
  append(out, seal.group_crc);
  append(out, checksum(out));
  return out;
}

std::optional<Head> decode_head(std::string_view bytes) {
  if (bytes.size() < head_bytes) return std::nullopt;
  bytes = bytes.substr(0, head_bytes);
  const bool is_record = bytes.starts_with(record_magic);
  if (!is_record && !bytes.starts_with(seal_magic)) return std::nullopt;
  if (!has_crc_at(bytes, head_crc_at)) return std::nullopt;
  if (!is_record) {
    return Seal{.records = number_at<std::uint32_t>(bytes, 4),
                .group_start = number_at<std::uint64_t>(bytes, 8),
                .group_crc = number_at<std::uint32_t>(bytes, 16)};
  }
  const RecordHead head{.key_size = number_at<std::uint16_t>(bytes, 4),
                        .body_size = number_at<std::uint32_t>(bytes, 8),
                        .hour = from_unix_ms(number_at<std::int64_t>(bytes, 12))};
  if (head.key_size == 0 || head.key_size > max_key_bytes) return std::nullopt;
  if (head.body_size > max_body_bytes) return std::nullopt;
  return head;
}

bool is_whole(std::string_view bytes) {
  return bytes.size() > trailer_bytes && has_crc_at(bytes, bytes.size() - trailer_bytes);
}

}  // namespace wl::storage::archive
