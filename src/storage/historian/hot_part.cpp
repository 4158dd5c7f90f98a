#include "storage/historian/hot_part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.hpp"
#include "base/durable_file.hpp"
#include "storage/historian/hot_point.hpp"

namespace wl::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is copied byte by byte");

constexpr std::uint8_t version = 2;
constexpr std::size_t header_bytes = 8;
constexpr std::size_t entry_bytes = 12;
constexpr std::uint32_t all_good_bit = 1u << 6;

std::uint32_t checksum(std::string_view bytes, std::uint32_t seed = 0) {
  return crc32c(std::as_bytes(std::span(bytes)), seed);
}

void put_u32(std::string& out, std::uint32_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::uint32_t u32_at(const char* at) {
  std::uint32_t number;
  std::memcpy(&number, at, sizeof number);
  return number;
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Errc::corrupt, fmt::format("hot part is damaged: {}", what));
}

/// One line of the directory.
struct Place {
  std::uint32_t slot;
  bool all_good;
  std::uint32_t count;
  std::uint32_t bytes;
  std::uint32_t crc;
};

Place place_at(const char* at) {
  const std::uint32_t word = u32_at(at);
  return {word & 63, (word & all_good_bit) != 0, word >> 8, u32_at(at + 4), u32_at(at + 8)};
}

/// Number of lines of a sound directory.
Result<std::size_t> check_directory(std::string_view body) {
  if (body.size() < header_bytes) return damaged("it is cut in its header");
  const auto points = static_cast<std::uint8_t>(body[1]);
  const std::size_t size = header_bytes + points * entry_bytes;
  if (body.size() < size) return damaged("it is cut in its directory");
  const std::uint32_t front = checksum(body.substr(0, 4));
  const std::string_view directory = body.substr(header_bytes, points * entry_bytes);
  if (checksum(directory, front) != u32_at(body.data() + 4))
    return damaged("the checksum of its directory differs");
  // After the checksum: a flipped bit in the version is damage, not a newer program.
  const auto written = static_cast<std::uint8_t>(body[0]);
  if (written == 0) return damaged("impossible version");
  if (written > version)
    return fail(Errc::conflict, fmt::format("hot part has version {}, this program reads {}: use "
                                            "a newer one",
                                            written, version));
  if (points == 0 || points > segment_points || body[2] != 0 || body[3] != 0)
    return damaged("impossible number of points");
  std::size_t total = size;
  for (std::size_t i = 0; i < points; ++i) total += u32_at(&directory[i * entry_bytes + 4]);
  if (total != body.size()) return damaged("its size is not that of its directory");
  return points;
}

Result<void> read_place(const HotPart& part, const Place& place, std::string_view bytes,
                        PointId point, std::vector<Sample>& out) {
  // A value has a byte or more, so a hostile count cannot make it allocate much.
  if (place.count == 0 || place.count > place.bytes)
    return damaged(fmt::format("impossible count in slot {}", place.slot));
  if (checksum(bytes) != place.crc)
    return damaged(fmt::format("the checksum of slot {} differs", place.slot));
  const std::size_t before = out.size();
  out.resize(before + place.count, Sample{.point = point, .quality = quality::good});
  const HotPointForm form{static_cast<std::uint8_t>(part.body[0]), place.all_good};
  const auto wrong = read_hot_point(bytes, form, part.hour, std::span(out).subspan(before));
  if (wrong.empty()) return {};
  out.resize(before, Sample{});
  return damaged(fmt::format("{} in slot {}", wrong, place.slot));
}

}  // namespace

void HotPartWriter::add(std::uint32_t slot, Timestamp hour, std::span<const Sample> samples) {
  WL_CHECK(!samples.empty() && samples.size() <= max_hot_samples && slot < segment_points);
  const std::size_t start = points_.size();
  const bool all_good = std::ranges::all_of(
      samples, [](const Sample& sample) { return sample.quality == quality::good; });
  put_hot_point(points_, hour, samples, all_good);
  const std::string_view bytes = std::string_view(points_).substr(start);
  const auto count = static_cast<std::uint32_t>(samples.size());
  put_u32(directory_, slot | (all_good ? all_good_bit : 0) | count << 8);
  put_u32(directory_, static_cast<std::uint32_t>(bytes.size()));
  put_u32(directory_, checksum(bytes));
  ++entries_;
}

std::string HotPartWriter::finish() {
  std::string body;
  body.reserve(header_bytes + directory_.size() + points_.size());
  body.push_back(static_cast<char>(version));
  body.push_back(static_cast<char>(entries_));
  body.append(2, '\0');
  put_u32(body, checksum(directory_, checksum(body)));
  body += directory_;
  body += points_;
  directory_.clear();
  points_.clear();
  entries_ = 0;
  return body;
}

Result<std::vector<HotEntry>> hot_entries(std::string_view body) {
  const auto points = check_directory(body);
  if (!points) return std::unexpected(points.error());
  std::vector<HotEntry> entries;
  for (std::size_t i = 0; i < *points; ++i) {
    const Place place = place_at(body.data() + header_bytes + i * entry_bytes);
    entries.push_back({place.slot, place.count});
  }
  return entries;
}

Result<void> read_hot(const HotPart& part, std::uint32_t slot, PointId point,
                      std::vector<Sample>& out) {
  const std::string_view body = part.body;
  const auto points = check_directory(body);
  if (!points) return std::unexpected(points.error());
  std::size_t start = header_bytes + *points * entry_bytes;
  for (std::size_t i = 0; i < *points; ++i) {
    const Place place = place_at(body.data() + header_bytes + i * entry_bytes);
    if (place.slot != slot) {
      start += place.bytes;
      continue;
    }
    return read_place(part, place, body.substr(start, place.bytes), point, out);
  }
  return {};
}

}  // namespace wl::storage
