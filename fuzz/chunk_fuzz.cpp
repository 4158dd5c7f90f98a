// Any bytes: decode_chunk refuses them or gives samples that encode and decode to themselves.
//
// The first byte chooses what the rest is, as checksums would stop nearly every input at the gate:
// a whole chunk; a header and a frame, given right checksums; a header and columns, which are
// compressed and given right sizes and checksums; or samples to be encoded.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/check.hpp"
#include "storage/chunk/chunk.hpp"
#include "storage/chunk/layout.hpp"
#include "storage/chunk/testing/series.hpp"
#include "storage/chunk/zstd_frame.hpp"

namespace {

using namespace wl;
using namespace wl::storage;

void check_round_trip(const std::vector<Sample>& samples) {
  const auto chunk = encode_chunk(samples);
  WL_CHECK(chunk.has_value());
  const auto again = decode_chunk(*chunk, samples.front().point);
  WL_CHECK(again.has_value());
  WL_CHECK(testing::same_bits(*again, samples));
}

void try_chunk(std::string_view bytes) {
  const auto summary = chunk_summary(bytes);
  const auto samples = decode_chunk(bytes, testing::some_point);
  if (!samples) {
    WL_CHECK(samples.error().code == Errc::corrupt || samples.error().code == Errc::conflict);
    WL_CHECK(!samples.error().what.empty());
    return;
  }
  WL_CHECK(summary.has_value() && summary->count == samples->size());
  check_round_trip(*samples);
}

/// Fields from the input, moved into range most of the time: what is impossible stops early.
chunk::Header header_of(std::string_view input) {
  chunk::Header header;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(input[at]); };
  header.coding = static_cast<chunk::ValueCoding>(byte(0) % 4);
  header.grid = {static_cast<std::uint8_t>(byte(1) % 11), byte(2) % 2 == 1};
  header.time_width = static_cast<std::uint8_t>(byte(3) % 10);
  header.value_width = static_cast<std::uint8_t>(byte(4) % 10);
  header.count = byte(5) == 255 ? 400'000 : byte(5) % 40u;
  header.runs = 1 + byte(6) % 4u;
  header.patches = byte(7) % 3u;
  std::memcpy(&header.first_time, input.data() + 8, 8);
  std::memcpy(&header.base, input.data() + 16, 8);
  std::memcpy(&header.last_time, input.data() + 24, 8);
  if (byte(8) % 4 != 0)
    header.last_time = (header.first_time &= 0xFFFF'FFFF) + (header.count - 1) * 10;
  return header;
}
constexpr std::size_t header_input = 32;

void sign(std::string& bytes, chunk::Header header, std::string_view frame) {
  header.frame_size = static_cast<std::uint32_t>(frame.size());
  header.frame_crc = chunk::checksum(frame);
  bytes = chunk::write_header(header);
  bytes += frame;
}

void try_frame(std::string_view input) {
  if (input.size() < header_input) return;
  std::string bytes;
  sign(bytes, header_of(input), input.substr(header_input));
  try_chunk(bytes);
}

void try_columns(std::string_view input) {
  if (input.size() < header_input) return;
  const chunk::Header header = header_of(input);
  std::string columns(input.substr(header_input));
  // Right sizes let the run lengths, indexes and residuals be tried; wrong ones stop before.
  if (input[9] % 8 != 0)
    columns.resize(std::min<std::size_t>(chunk::columns_size(header), 1 << 20));
  // One good run of the whole length, most of the time.
  if (input[10] % 4 != 0 && header.runs == 1 && columns.size() >= 8)
    std::memcpy(columns.data(), &header.count, 4);
  std::string frame, bytes;
  WL_CHECK(chunk::append_frame(frame, columns, {}).has_value());
  sign(bytes, header, frame);
  try_chunk(bytes);
}

void try_samples(std::string_view input) {
  std::vector<Sample> samples;
  std::int64_t time = testing::an_hour;
  for (; input.size() >= 11; input.remove_prefix(11)) {
    Sample sample = testing::at(time += 1 + static_cast<std::uint8_t>(input[8]), 0);
    std::memcpy(&sample.value, input.data(), 8);
    if (input[9] % 2 == 0) sample.value = static_cast<double>(input[0]) / 100;
    if (input[9] % 8 == 1) sample.quality.status_code = static_cast<std::uint8_t>(input[10]) << 24;
    samples.push_back(sample);
  }
  if (!samples.empty()) check_round_trip(samples);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      try_chunk(input);
      break;
    case 1:
      try_frame(input);
      break;
    case 2:
      try_columns(input);
      break;
    default:
      try_samples(input);
      break;
  }
  return 0;
}
