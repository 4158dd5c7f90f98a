#include "storage/rollup/sealed.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <span>

#include "base/check.hpp"
#include "base/durable_file.hpp"

namespace wl::storage::rollup {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is copied byte by byte");

std::uint32_t checksum(std::string_view bytes) {
  const auto all = std::as_bytes(std::span(bytes));
  return crc32c(all.subspan(seal_bytes), crc32c(all.first(1)));
}

}  // namespace

void seal(std::string& bytes, std::uint8_t version) {
  WL_CHECK(bytes.size() >= seal_bytes);
  bytes[0] = static_cast<char>(version);
  const std::uint32_t crc = checksum(bytes);
  std::memcpy(bytes.data() + 1, &crc, sizeof crc);
}

Result<std::string_view> unseal(std::string_view bytes, std::string_view what) {
  if (bytes.size() < seal_bytes)
    return fail(Errc::corrupt, fmt::format("{} is cut at byte {}", what, bytes.size()));
  std::uint32_t stored = 0;
  std::memcpy(&stored, bytes.data() + 1, sizeof stored);
  if (stored != checksum(bytes))
    return fail(Errc::corrupt, fmt::format("{} is damaged: its checksum differs", what));
  // After the checksum: a flipped bit in the version is damage, not a newer program.
  const auto version = static_cast<std::uint8_t>(bytes[0]);
  if (version != sealed_version)
    return fail(Errc::conflict,
                fmt::format("{} has format version {}, this program reads {}: use a newer one",
                            what, version, sealed_version));
  return bytes.substr(seal_bytes);
}

}  // namespace wl::storage::rollup
