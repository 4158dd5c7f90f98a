// Raw samples of one point after the other: chunks and hot parts merged.
#pragma once

#include <optional>
#include <vector>

#include "model/sample.hpp"
#include "storage/historian/hot_part.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Reads within one transaction of the caller and must not outlive it: it remembers the hot parts
/// that it read last, because the next point is mostly of the same segment. Throws DatabaseError;
/// `corrupt` names the point and the hour.
class RawReader {
 public:
  explicit RawReader(Tables& tables) : tables_(tables) {}

  /// Which row is read, and as which point its samples are given.
  struct Target {
    PointRow row;
    PointId point;
  };

  /// Samples of hours that start in [from, to), both full hours, ascending. Stops behind the hour
  /// in which more than `limit` are together.
  std::vector<Sample> hours(Target target, Timestamp from, Timestamp to, std::size_t limit);

  /// All samples of one hour.
  std::vector<Sample> hour(Target target, Timestamp hour) {
    return hours(target, hour, hour + one_hour, SIZE_MAX);
  }

 private:
  /// Makes hot_ hold all parts of the segment in an hour range that starts at or before `from` and
  /// ends behind it. False when it does already.
  bool load_hot(std::uint32_t segment, Timestamp from, Timestamp to);
  void append_hour(Target target, const ChunkRow* chunk, Timestamp hour, std::vector<Sample>& out);
  /// The first hour in the loaded range from `from` on that has hot parts.
  std::optional<Timestamp> next_hot_hour(Timestamp from) const;

  Tables& tables_;
  std::vector<HotPart> hot_;  ///< By hour and batch.
  std::uint32_t hot_segment_ = 0;
  Timestamp hot_from_{};
  Timestamp hot_to_{};  ///< Equals hot_from_ while nothing is loaded.
};

}  // namespace wl::storage
