// What the collector's writer keeps in memory between two batches.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "storage/historian/facts.hpp"
#include "storage/rollup/alive_timeline.hpp"
#include "storage/rollup/bucket_codec.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// A copy of rows of the database, so that a batch need not read them: true as long as every
/// transaction that changed it was committed. After any other it is thrown away and read again.
struct WriterMemory {
  struct Point {
    OpenBuckets open;
    /// The newest closed minutes, ascending and without one left out in between; see keep_recent.
    std::vector<Bucket> recent;
    std::optional<LatestRow> latest;  ///< Set exactly when `open` has buckets.
  };

  std::vector<Point> points;  ///< By row; see of().
  std::optional<facts::Extent> extent;
  std::optional<Timestamp> raw_removed_before;
  std::optional<Timestamp> minutes_until;

  /// Life from `alive_from` on; what is older is read when it is needed.
  AliveTimeline alive;
  Timestamp alive_from{};

  /// Reads it. Throws DatabaseError.
  static WriterMemory load(Tables& tables);

  /// A minute of the point was closed. Some are kept: what the views need of the last minutes.
  void keep_recent(PointRow row, const Bucket& minute);

  Point& of(PointRow row) {
    if (points.size() <= row.value) points.resize(row.value + 1);
    return points[row.value];
  }
};

}  // namespace wl::storage
