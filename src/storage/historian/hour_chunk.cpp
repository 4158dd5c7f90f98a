#include "storage/historian/hour_chunk.hpp"

#include <algorithm>

#include "storage/chunk/layout.hpp"

namespace wl::storage {

Result<std::string> encode_hour(std::span<const Sample> samples) {
  std::string body;
  do {
    const auto part = samples.first(std::min(samples.size(), max_chunk_samples));
    const auto bytes = encode_chunk(part);
    if (!bytes) return std::unexpected(bytes.error());
    body += *bytes;
    samples = samples.subspan(part.size());
  } while (!samples.empty());
  return body;
}

Result<std::vector<std::string_view>> chunks_in(std::string_view body) {
  std::vector<std::string_view> chunks;
  do {
    const auto header = chunk::read_header(body);
    if (!header) return std::unexpected(header.error());
    const std::size_t size = chunk_header_bytes + header->frame_size;
    if (size > body.size()) return fail(Errc::corrupt, "chunk is cut: its header says more bytes");
    chunks.push_back(body.substr(0, size));
    body.remove_prefix(size);
  } while (!body.empty());
  return chunks;
}

Result<std::vector<Sample>> decode_hour(std::string_view body, PointId point) {
  const auto chunks = chunks_in(body);
  if (!chunks) return std::unexpected(chunks.error());
  std::vector<Sample> samples;
  for (const std::string_view chunk : *chunks) {
    auto part = decode_chunk(chunk, point);
    if (!part) return std::unexpected(part.error());
    if (samples.empty()) {
      samples = std::move(*part);
      continue;
    }
    if (part->front().source_time <= samples.back().source_time)
      return fail(Errc::corrupt, "the chunks of one hour overlap");
    samples.insert(samples.end(), part->begin(), part->end());
  }
  return samples;
}

void put_in_order(std::vector<Sample>& samples) {
  const auto disorder = std::ranges::adjacent_find(
      samples, [](Timestamp a, Timestamp b) { return a >= b; }, &Sample::source_time);
  if (disorder == samples.end()) return;
  std::ranges::stable_sort(samples, {}, &Sample::source_time);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool last_of_its_time =
        i + 1 == samples.size() || samples[i + 1].source_time != samples[i].source_time;
    if (last_of_its_time) samples[kept++] = samples[i];
  }
  samples.resize(kept);
}

}  // namespace wl::storage
