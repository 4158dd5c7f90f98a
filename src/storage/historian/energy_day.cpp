#include "storage/historian/energy_day.hpp"

#include <fmt/format.h>

#include <cstring>
#include <span>

#include "base/durable_file.hpp"
#include "storage/historian/varint.hpp"

namespace wl::storage {
namespace {

constexpr char version = 1;
constexpr std::size_t bitmap_at = 1;
constexpr std::size_t quarters_at = bitmap_at + 12;
constexpr std::size_t crc_bytes = 4;
constexpr unsigned method_mask = 3;
constexpr unsigned uncertain_bit = 4;
constexpr unsigned whole_bit = 8;
constexpr std::int32_t whole = static_cast<std::int32_t>(energy_bucket_length.count());

std::uint32_t checksum(std::string_view bytes) {
  return crc32c(std::as_bytes(std::span(bytes)));
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Errc::corrupt, fmt::format("energy day is damaged: {}", what));
}

void put_quarter(std::string& out, const EnergyQuarter& quarter) {
  const bool seen = quarter.covered_ms == whole;
  const unsigned flags = static_cast<unsigned>(quarter.method) |
                         (quarter.uncertain ? uncertain_bit : 0) | (seen ? whole_bit : 0);
  out.push_back(static_cast<char>(flags));
  put_varint(out, to_zigzag(quarter.milli_wh));
  if (!seen) put_varint(out, static_cast<std::uint64_t>(quarter.covered_ms));
}

std::optional<EnergyQuarter> take_quarter(const char*& at, const char* end) {
  if (at == end) return std::nullopt;
  const auto flags = static_cast<std::uint8_t>(*at++);
  std::uint64_t energy = 0;
  std::uint64_t covered = whole;
  if (flags > (method_mask | uncertain_bit | whole_bit)) return std::nullopt;
  if (!take_varint(at, end, energy)) return std::nullopt;
  if ((flags & whole_bit) == 0 && !take_varint(at, end, covered)) return std::nullopt;
  if (covered > static_cast<std::uint64_t>(whole)) return std::nullopt;
  return EnergyQuarter{.milli_wh = from_zigzag(energy),
                       .method = static_cast<EnergyMethod>(flags & method_mask),
                       .covered_ms = static_cast<std::int32_t>(covered),
                       .uncertain = (flags & uncertain_bit) != 0};
}

}  // namespace

std::string encode_energy_day(const EnergyDay& day) {
  std::string body(quarters_at, '\0');
  body[0] = version;
  for (std::size_t i = 0; i < day.size(); ++i) {
    if (!day[i]) continue;
    char& byte = body[bitmap_at + i / 8];
    byte = static_cast<char>(byte | (1 << (i % 8)));
    put_quarter(body, *day[i]);
  }
  const std::uint32_t crc = checksum(body);
  body.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return body;
}

Result<EnergyDay> decode_energy_day(std::string_view body) {
  if (body.size() < quarters_at + crc_bytes) return damaged("it is cut");
  const std::string_view content = body.substr(0, body.size() - crc_bytes);
  std::uint32_t crc = 0;
  std::memcpy(&crc, body.data() + content.size(), sizeof crc);
  if (checksum(content) != crc) return damaged("its checksum differs");
  // After the checksum: a flipped bit in the version is damage, not a newer program.
  if (body[0] != version)
    return fail(Errc::conflict, fmt::format("energy day has version {}, this program reads {}: use "
                                            "a newer one",
                                            static_cast<int>(body[0]), static_cast<int>(version)));
  EnergyDay day;
  const char* at = content.data() + quarters_at;
  const char* const end = content.data() + content.size();
  for (std::size_t i = 0; i < day.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(content[bitmap_at + i / 8]);
    if ((byte >> (i % 8) & 1) == 0) continue;
    day[i] = take_quarter(at, end);
    if (!day[i]) return damaged(fmt::format("impossible quarter hour {}", i));
  }
  if (at != end) return damaged("it has more bytes than its quarter hours");
  return day;
}

}  // namespace wl::storage
