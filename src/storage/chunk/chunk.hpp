// Many samples of one point as a few compressed bytes: how raw history is kept.
//
// One chunk holds one point, by the rule of the store one sample hour of it. The format is exact:
// every time, every status code and every bit of every double comes back. It does not hold the
// point, whose number changes when plant.json does; whoever keeps the chunk keeps the key beside
// it.
//
// Format version 1, little-endian (layout.hpp): a header of 104 bytes with a checksum of its own,
// then one zstd frame of columns: quality runs, patches, times, values. The header holds the
// checksum of the frame, so that the two CRC-32C together cover every byte.
//
// Pure functions: no I/O, no clock, no shared state. Any thread may call them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/sample.hpp"

namespace wl::storage {

/// An hour of samples 10 ms apart. The limit bounds what decoding a hostile chunk may allocate:
/// 11.5 MB of samples and at most 13 MB of columns.
inline constexpr std::size_t max_chunk_samples = 360'000;

/// `chunk_summary` needs this many bytes from the front of a chunk, and no more.
inline constexpr std::size_t chunk_header_bytes = 104;

/// What a chunk says without being decompressed.
///
/// The statistics are over the usable samples: quality not bad, value finite. A bad sample has no
/// number that may be summed or compared. Without one they are NaN and `sum` is 0.
struct ChunkSummary {
  Timestamp first_time;
  Timestamp last_time;
  std::uint32_t count = 0;   ///< All samples, 1 to max_chunk_samples.
  std::uint32_t usable = 0;  ///< Those behind the statistics; mean = sum / usable.
  double min = 0;
  double max = 0;
  double sum = 0;    ///< Added in the order of time; may be infinite when the doubles overflow.
  double first = 0;  ///< Value of the first usable sample.
  double last = 0;   ///< Value of the last usable sample.
};

/// `samples` are of one point and strictly ascending in time; any int64 of milliseconds will do.
/// invalid_argument names the first sample that is out of order, a duplicate or of another point,
/// and refuses none or more than max_chunk_samples. The caller sorts and decides on duplicates.
Result<std::string> encode_chunk(std::span<const Sample> samples);

/// The samples of a whole chunk, given `point`. Trusts nothing: `corrupt` says what is wrong and
/// where, `conflict` that a newer program wrote it.
Result<std::vector<Sample>> decode_chunk(std::string_view chunk, PointId point);

/// Reads the header alone; `chunk` may be cut after chunk_header_bytes. Errors as of decode_chunk.
Result<ChunkSummary> chunk_summary(std::string_view chunk);

}  // namespace wl::storage
