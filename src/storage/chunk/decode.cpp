#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "storage/chunk/byte_planes.hpp"
#include "storage/chunk/chunk.hpp"
#include "storage/chunk/decimal_grid.hpp"
#include "storage/chunk/layout.hpp"
#include "storage/chunk/zstd_frame.hpp"

namespace wl::storage {
namespace chunk {
namespace {

constexpr std::size_t block = 256;  // Residuals joined at a time: they stay in the first cache.

std::uint32_t u32_at(std::string_view column, std::size_t index) {
  std::uint32_t value;
  std::memcpy(&value, column.data() + index * sizeof value, sizeof value);
  return value;
}

/// Cuts the columns off the front, in the order of the format.
std::string_view take(std::string_view& columns, std::size_t size) {
  const std::string_view taken = columns.substr(0, size);
  columns.remove_prefix(size);
  return taken;
}

/// Calls `use(index of the first, residuals)` for one block after the other.
template <class Use>
void for_each_block(std::string_view planes, std::size_t count, Use use) {
  std::array<std::uint64_t, block> residuals;
  for (std::size_t from = 0; from < count; from += block) {
    const std::span part(residuals.data(), std::min(block, count - from));
    join_planes(planes, count, from, part);
    use(from, part);
  }
}

Result<void> read_quality(std::string_view column, const Header& header,
                          std::vector<Sample>& samples) {
  std::size_t at = 0;
  for (std::uint32_t run = 0; run < header.runs; ++run) {
    const std::uint32_t length = u32_at(column, run);
    if (length == 0 || length > samples.size() - at)
      return fail(Errc::corrupt,
                  fmt::format("chunk quality run {} has length {} at sample {} of {}", run, length,
                              at, samples.size()));
    const Quality quality{u32_at(column, header.runs + run)};
    for (const std::size_t end = at + length; at < end; ++at) samples[at].quality = quality;
  }
  if (at == samples.size()) return {};
  return fail(Errc::corrupt,
              fmt::format("chunk quality runs end at sample {} of {}", at, samples.size()));
}

Result<void> read_times(std::string_view planes, const Header& header,
                        std::vector<Sample>& samples) {
  auto time = static_cast<std::uint64_t>(header.first_time);
  std::uint64_t step = mean_step(header);
  std::int64_t before = header.first_time;
  std::size_t disordered = 0;
  for_each_block(planes, header.count, [&](std::size_t from, auto residuals) {
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      if (from + i > 0) {
        step += unzigzag(residuals[i]);
        time += step;
      }
      const auto now = static_cast<std::int64_t>(time);
      disordered += now <= before;
      before = now;
      samples[from + i].source_time = from_unix_ms(now);
    }
  });
  // One, because the first sample does not come after itself.
  if (disordered != 1 || before != header.last_time)
    return fail(Errc::corrupt, fmt::format("chunk times do not ascend from {} to {} ms",
                                           header.first_time, header.last_time));
  return {};
}

void read_exclusive_or(std::string_view planes, const Header& header,
                       std::vector<Sample>& samples) {
  std::uint64_t bits = header.base;
  for_each_block(planes, header.count, [&](std::size_t from, auto residuals) {
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      bits ^= residuals[i];
      samples[from + i].value = std::bit_cast<double>(bits);
    }
  });
}

/// `number_of(residual)` tells the grid number; the division then runs over a whole block.
template <class NumberOf>
void read_on_grid(std::string_view planes, const Header& header, std::vector<Sample>& samples,
                  NumberOf number_of) {
  std::array<double, block> values;
  for_each_block(planes, header.count, [&](std::size_t from, auto residuals) {
    for (std::uint64_t& residual : residuals) residual = number_of(residual);
    for (std::size_t i = 0; i < residuals.size(); ++i)
      values[i] = grid_value(static_cast<std::int64_t>(residuals[i]), header.grid);
    for (std::size_t i = 0; i < residuals.size(); ++i) samples[from + i].value = values[i];
  });
}

void read_values(std::string_view planes, const Header& header, std::vector<Sample>& samples) {
  std::uint64_t number = header.base;
  switch (header.coding) {
    case ValueCoding::exclusive_or:
      return read_exclusive_or(planes, header, samples);
    case ValueCoding::offset:
      return read_on_grid(planes, header, samples,
                          [number](std::uint64_t residual) { return number + unzigzag(residual); });
    case ValueCoding::delta:
      return read_on_grid(planes, header, samples, [&number](std::uint64_t residual) {
        return number += unzigzag(residual);
      });
  }
}

Result<void> read_patches(std::string_view column, const Header& header,
                          std::vector<Sample>& samples) {
  const std::string_view values = column.substr(header.patches * sizeof(std::uint32_t));
  for (std::uint32_t patch = 0; patch < header.patches; ++patch) {
    const std::uint32_t index = u32_at(column, patch);
    if (index >= samples.size())
      return fail(Errc::corrupt, fmt::format("chunk patch {} is for sample {} of {}", patch, index,
                                             samples.size()));
    std::memcpy(&samples[index].value, values.data() + patch * sizeof(double), sizeof(double));
  }
  return {};
}

Result<void> check_frame(std::string_view chunk, const Header& header) {
  const std::size_t held = chunk.size() - chunk_header_bytes;
  if (held != header.frame_size)
    return fail(Errc::corrupt, fmt::format("chunk has {} bytes after its header, which says {}: {}",
                                           held, header.frame_size,
                                           held < header.frame_size ? "it is cut" : "too many"));
  if (checksum(chunk.substr(chunk_header_bytes)) != header.frame_crc)
    return fail(Errc::corrupt, fmt::format("chunk columns are damaged: checksum of bytes {} to {} "
                                           "differs",
                                           chunk_header_bytes, chunk.size() - 1));
  return {};
}

}  // namespace
}  // namespace chunk

Result<std::vector<Sample>> decode_chunk(std::string_view bytes, PointId point) {
  using namespace chunk;
  const Result<Header> header = read_header(bytes);
  if (!header) return std::unexpected(header.error());
  if (const auto whole = check_frame(bytes, *header); !whole) return std::unexpected(whole.error());
  const std::size_t size = columns_size(*header);
  const auto buffer = std::make_unique_for_overwrite<char[]>(size);
  if (const auto read = read_frame(bytes.substr(chunk_header_bytes), {buffer.get(), size}); !read)
    return std::unexpected(read.error());

  std::string_view columns(buffer.get(), size);
  const std::string_view quality = take(columns, std::size_t{header->runs} * 8);
  const std::string_view patches = take(columns, std::size_t{header->patches} * 12);
  const std::string_view times = take(columns, std::size_t{header->time_width} * header->count);
  std::vector<Sample> samples(header->count, Sample{.point = point, .quality = {}});
  if (const auto read = read_quality(quality, *header, samples); !read)
    return std::unexpected(read.error());
  if (const auto read = read_times(times, *header, samples); !read)
    return std::unexpected(read.error());
  read_values(columns, *header, samples);
  if (const auto read = read_patches(patches, *header, samples); !read)
    return std::unexpected(read.error());
  return samples;
}

Result<ChunkSummary> chunk_summary(std::string_view bytes) {
  const auto header = chunk::read_header(bytes);
  if (!header) return std::unexpected(header.error());
  return ChunkSummary{.first_time = from_unix_ms(header->first_time),
                      .last_time = from_unix_ms(header->last_time),
                      .count = header->count,
                      .usable = header->usable,
                      .min = header->min,
                      .max = header->max,
                      .sum = header->sum,
                      .first = header->first,
                      .last = header->last};
}

}  // namespace wl::storage
