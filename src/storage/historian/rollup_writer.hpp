// What the samples of a batch change in the rollups of their points.
#pragma once

#include <span>
#include <vector>

#include "storage/historian/batch_runs.hpp"
#include "storage/historian/block_edits.hpp"
#include "storage/historian/raw_reader.hpp"
#include "storage/historian/writer_memory.hpp"

namespace wl::storage {

/// Joins samples to the buckets that are growing; those that end are appended to `closed`. The
/// samples come after all that are in `open`.
void grow(OpenBuckets& open, PointRow row, std::span<const Sample> samples,
          const AliveTimeline& alive, std::vector<ClosedBucket>& closed);

/// Samples of one point in an hour that has newer ones behind it already.
struct LateRun {
  Timestamp hour{};
  PointRow row;
  PointId point;
  std::span<const Sample> samples;  ///< All of the batch in this hour: one or more.
};

/// A sample is late when its point has a newer one, or one of the same time. The buckets of its
/// hour are then
/// - grown, when nothing in the hour is newer: only the other hours are,
/// - computed again from the raw samples,
/// - or, where retention removed these or they are damaged, widened by what can be added: counts,
/// sum, min, max, first
///   and last by time. A repetition of a removed sample cannot be told and counts again.
///
/// Used in one write transaction of the caller, after the hot parts of the batch were put: they are
/// among the raw samples. Throws DatabaseError.
class LateRollups {
 public:
  /// `proven`: life, of which the database may not know the end yet; see Ingest.
  LateRollups(Tables& tables, WriterMemory& memory, LinkInterval proven);

  /// Hours in any order. Changes memory.of(row).open where the hour is that of its open buckets.
  void apply(std::vector<LateRun> runs);

 private:
  void apply_slice(std::span<const LateRun> runs);
  void fold_minutes_of(std::span<const PointRow> rows, Timestamp hour);
  void apply_one(const LateRun& run, const AliveTimeline& alive, RawReader& raw, BlockEdits& edits);
  /// Nothing when the bytes of the hour are damaged.
  static std::optional<std::vector<Sample>> whole_hour(const LateRun& run, RawReader& raw);
  AliveTimeline alive_in(Timestamp hour);

  Tables& tables_;
  WriterMemory& memory_;
  LinkInterval proven_;
};

}  // namespace wl::storage
