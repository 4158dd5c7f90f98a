// The samples of one batch, segment and hour as bytes: how raw history is kept until it is folded.
//
// Written with each batch and read for an hour or two, so it is made to be quick rather than small:
// two bytes a decimal, ten for any other double. One point is read without touching the others: the
// directory at the front says where it lies, and each point has a checksum of its own.
//
// Little-endian: u8 version, u8 points (1 to 64), u16 zero, u32 CRC-32C of these four bytes and the
// directory. Directory: 12 bytes a point, by ascending slot: u32 (slot, bit 6 "all good", count
// from bit 8), u32 bytes, u32 CRC-32C of them. Then the points: hot_point.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/sample.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Points whose rows lie side by side share their hot parts; see HotPart.
inline constexpr std::uint32_t segment_points = 64;
inline constexpr std::uint32_t segment_of(PointRow row) {
  return row.value / segment_points;
}
inline constexpr std::uint32_t slot_of(PointRow row) {
  return row.value % segment_points;
}
inline constexpr PointRow row_of(std::uint32_t segment, std::uint32_t slot) {
  return {segment * segment_points + slot};
}

inline constexpr Milliseconds one_hour = std::chrono::hours{1};
/// The sample hour: what hot parts and chunks are cut at.
inline constexpr Timestamp hour_of(Timestamp at) {
  return floor_to(at, one_hour);
}

/// Most samples of one point in one part.
inline constexpr std::size_t max_hot_samples = (1u << 24) - 1;

/// Builds the body of one part after the other.
class HotPartWriter {
 public:
  /// Slots ascend; `samples` are of one point, not empty, strictly ascending and inside the hour
  /// that starts at `hour`, max_hot_samples at most.
  void add(std::uint32_t slot, Timestamp hour, std::span<const Sample> samples);
  bool empty() const { return entries_ == 0; }
  /// The body of what was added; the writer is empty after it.
  std::string finish();

 private:
  std::string directory_;
  std::string points_;
  unsigned entries_ = 0;
};

struct HotEntry {
  std::uint32_t slot = 0;
  std::uint32_t count = 0;
};

/// Who is in a part. `corrupt` says what is wrong; `conflict` that a newer program wrote it.
Result<std::vector<HotEntry>> hot_entries(std::string_view body);

/// Appends the samples of one slot to `out`, as `point`; none when it has no part in it. Errors as
/// of hot_entries; `out` is then as it was.
Result<void> read_hot(const HotPart& part, std::uint32_t slot, PointId point,
                      std::vector<Sample>& out);

}  // namespace wl::storage
