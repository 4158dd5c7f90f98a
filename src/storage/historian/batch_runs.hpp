// The samples of a batch, sorted out by point.
#pragma once

#include <span>
#include <vector>

#include "model/sample.hpp"
#include "storage/historian/names.hpp"

namespace wl::storage {

/// What a batch has of one point: strictly ascending; of equal times the later one in the batch.
struct PointRun {
  PointRow row;
  PointId point;
  std::span<const Sample> samples;  ///< One or more.
};

/// Source times within this distance of 1970 (71,000 years) are stored; OPC UA cannot say any
/// other. Within it no sum of times leaves 64 bits and every bucket can be stored.
inline constexpr Milliseconds farthest_time{std::int64_t{1} << 51};

/// Owns a sorted copy. Not for keeping: the runs point into it.
class BatchRuns {
 public:
  /// Registers new points in `names`. invalid_argument for a point that is not in the plant or a
  /// time beyond farthest_time: then nothing was registered.
  static Result<BatchRuns> of(std::span<const Sample> samples, std::size_t points, Names& names);

  /// By ascending row.
  const std::vector<PointRun>& runs() const { return runs_; }
  /// Source time of the newest sample; only when there are runs.
  Timestamp newest() const { return newest_; }
  Timestamp oldest() const { return oldest_; }

 private:
  void sort_out(std::span<const Sample> samples, std::span<const PointRow> rows);
  void add_run(PointRow row, std::span<Sample> samples);

  std::vector<Sample> sorted_;
  std::vector<PointRun> runs_;
  Timestamp newest_{};
  Timestamp oldest_{};
};

/// The front of ascending samples that lies before `end`.
std::span<const Sample> before(std::span<const Sample> samples, Timestamp end);

}  // namespace wl::storage
