#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "storage/chunk/byte_planes.hpp"
#include "storage/chunk/chunk.hpp"
#include "storage/chunk/layout.hpp"
#include "storage/chunk/value_column.hpp"
#include "storage/chunk/zstd_frame.hpp"

namespace wl::storage {
namespace chunk {
namespace {

Result<void> check_samples(std::span<const Sample> samples) {
  if (samples.empty()) return fail(Errc::invalid_argument, "a chunk needs at least one sample");
  if (samples.size() > max_chunk_samples)
    return fail(Errc::invalid_argument, fmt::format("{} samples do not fit into a chunk of {}: cut "
                                                    "it into several",
                                                    samples.size(), max_chunk_samples));
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const Sample& before = samples[i - 1];
    const Sample& sample = samples[i];
    if (sample.point != before.point)
      return fail(
          Errc::invalid_argument,
          fmt::format("sample {} is of point {}, those before it of point {}: a chunk holds "
                      "one point",
                      i, sample.point.value, before.point.value));
    if (sample.source_time <= before.source_time)
      return fail(Errc::invalid_argument,
                  fmt::format("sample {} at {} ms {} sample {} at {} ms: a chunk needs ascending "
                              "times",
                              i, to_unix_ms(sample.source_time),
                              sample.source_time == before.source_time ? "duplicates" : "precedes",
                              i - 1, to_unix_ms(before.source_time)));
  }
  return {};
}

void summarize(Header& header, std::span<const Sample> samples) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  header.min = header.max = header.first = header.last = none;
  for (const Sample& sample : samples) {
    if (sample.quality.is_bad() || !std::isfinite(sample.value)) continue;
    if (header.usable++ == 0) header.min = header.max = header.first = sample.value;
    if (sample.value < header.min) header.min = sample.value;
    if (sample.value > header.max) header.max = sample.value;
    header.sum += sample.value;
    header.last = sample.value;
  }
}

template <class T>
void append(std::string& out, T value) {
  std::array<char, sizeof value> bytes;
  std::memcpy(bytes.data(), &value, sizeof value);
  out.append(bytes.data(), bytes.size());
}

/// Lengths first, then status codes: like stands beside like.
std::uint32_t append_quality(std::string& out, std::span<const Sample> samples) {
  std::string codes;
  std::uint32_t runs = 0;
  for (std::size_t i = 0, start = 0; i < samples.size(); ++i) {
    if (i + 1 < samples.size() && samples[i + 1].quality == samples[i].quality) continue;
    append(out, static_cast<std::uint32_t>(i + 1 - start));
    append(codes, samples[i].quality.status_code);
    start = i + 1;
    ++runs;
  }
  out += codes;
  return runs;
}

void append_patches(std::string& out, std::span<const Patch> patches) {
  for (const Patch& patch : patches) append(out, patch.index);
  for (const Patch& patch : patches) append(out, patch.value);
}

/// Change of the step from sample to sample, the step before the second being the mean. The first
/// sample has none.
std::vector<std::uint64_t> time_residuals(const Header& header, std::span<const Sample> samples) {
  std::vector<std::uint64_t> residuals;
  residuals.reserve(samples.size());
  residuals.push_back(0);
  std::uint64_t step = mean_step(header);
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const auto from = static_cast<std::uint64_t>(to_unix_ms(samples[i - 1].source_time));
    const std::uint64_t now = static_cast<std::uint64_t>(to_unix_ms(samples[i].source_time)) - from;
    residuals.push_back(zigzag(now - step));
    step = now;
  }
  return residuals;
}

std::vector<std::size_t> plane_cuts(const Header& header, std::size_t columns) {
  const std::size_t planes = std::size_t{header.time_width} + header.value_width;
  std::vector<std::size_t> cuts;
  for (std::size_t plane = planes; plane > 0; --plane)
    cuts.push_back(columns - plane * header.count);
  return cuts;
}

Header describe(std::span<const Sample> samples, const ValueColumn& values) {
  Header header;
  header.coding = values.coding;
  header.grid = values.grid;
  header.value_width = byte_width(values.residuals);
  header.base = values.base;
  header.count = static_cast<std::uint32_t>(samples.size());
  header.patches = static_cast<std::uint32_t>(values.patches.size());
  header.first_time = to_unix_ms(samples.front().source_time);
  header.last_time = to_unix_ms(samples.back().source_time);
  summarize(header, samples);
  return header;
}

}  // namespace
}  // namespace chunk

Result<std::string> encode_chunk(std::span<const Sample> samples) {
  using namespace chunk;
  if (const auto checked = check_samples(samples); !checked)
    return std::unexpected(checked.error());
  const ValueColumn values = code_values(samples);
  Header header = describe(samples, values);
  const std::vector<std::uint64_t> times = time_residuals(header, samples);
  header.time_width = byte_width(times);
  std::string columns;
  header.runs = append_quality(columns, samples);
  append_patches(columns, values.patches);
  append_planes(columns, times, header.time_width);
  append_planes(columns, values.residuals, header.value_width);

  std::string bytes(chunk_header_bytes, '\0');
  const auto cuts = plane_cuts(header, columns.size());
  if (const auto framed = append_frame(bytes, columns, cuts); !framed)
    return std::unexpected(framed.error());
  const std::string_view frame = std::string_view(bytes).substr(chunk_header_bytes);
  header.frame_size = static_cast<std::uint32_t>(frame.size());
  header.frame_crc = checksum(frame);
  write_header(header).copy(bytes.data(), chunk_header_bytes);
  return bytes;
}

}  // namespace wl::storage
