#include "storage/historian/raw_reader.hpp"

#include <algorithm>

#include "storage/historian/hour_chunk.hpp"
#include "storage/historian/stored_bytes.hpp"

namespace wl::storage {
namespace {

/// Hours of hot parts that are read at once: what a live system has, and a bound in memory for one
/// that has more. Doubled while there are none, so that a long range costs few questions.
constexpr Milliseconds first_window = 4 * one_hour;
constexpr Milliseconds widest_window = 24 * 366 * one_hour;
/// Chunks that are read at once.
constexpr std::size_t chunk_rows = 24;

}  // namespace

std::vector<Sample> RawReader::hours(Target target, Timestamp from, Timestamp to,
                                     std::size_t limit) {
  std::vector<Sample> samples;
  std::vector<ChunkRow> chunks;
  std::size_t next = 0;
  bool more_chunks = true;
  Milliseconds window = first_window;
  while (from < to && samples.size() <= limit) {
    if (next == chunks.size() && more_chunks) {
      chunks = tables_.chunks(target.row, from, to, chunk_rows);
      next = 0;
      more_chunks = chunks.size() == chunk_rows;
    }
    const Timestamp window_end = to - from > window ? from + window : to;
    if (load_hot(segment_of(target.row), from, window_end) && hot_.empty())
      window = std::min(window * 2, widest_window);
    const auto hot = next_hot_hour(from);
    const bool has_chunk = next < chunks.size();
    const Timestamp known_to = std::min(hot_to_, to);
    Timestamp hour = hot ? std::min(*hot, to) : known_to;
    if (has_chunk) hour = std::min(hour, chunks[next].hour);
    if (!hot && hour == known_to) {  // Nothing here: on to the next window.
      from = known_to;
      continue;
    }
    if (hour >= to) break;
    const bool chunk_here = has_chunk && chunks[next].hour == hour;
    append_hour(target, chunk_here ? &chunks[next] : nullptr, hour, samples);
    if (chunk_here) ++next;
    from = hour + one_hour;
  }
  return samples;
}

void RawReader::append_hour(Target target, const ChunkRow* chunk, Timestamp hour,
                            std::vector<Sample>& out) {
  std::vector<Sample> samples;
  if (chunk != nullptr) {
    samples = or_throw(decode_hour(chunk->body, target.point),
                       {"chunk", Owner::point, target.row.value, hour});
  }
  const auto parts = std::ranges::equal_range(hot_, hour, {}, &HotPart::hour);
  for (const HotPart& part : parts) {
    or_throw(read_hot(part, slot_of(target.row), target.point, samples),
             {"hot part", Owner::point, target.row.value, hour});
  }
  put_in_order(samples);
  if (out.empty()) {
    out = std::move(samples);
  } else {
    out.insert(out.end(), samples.begin(), samples.end());
  }
}

bool RawReader::load_hot(std::uint32_t segment, Timestamp from, Timestamp to) {
  const bool loaded = hot_segment_ == segment && hot_from_ <= from && from < hot_to_;
  if (loaded) return false;
  hot_ = tables_.hot(segment, from, to);
  hot_segment_ = segment;
  hot_from_ = from;
  hot_to_ = to;
  return true;
}

std::optional<Timestamp> RawReader::next_hot_hour(Timestamp from) const {
  const auto part = std::ranges::lower_bound(hot_, from, {}, &HotPart::hour);
  if (part == hot_.end()) return std::nullopt;
  return part->hour;
}

}  // namespace wl::storage
