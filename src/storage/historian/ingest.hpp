// One batch into the rows: the only way that samples, rollups and the ledger are written.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "storage/historian/batch_runs.hpp"
#include "storage/historian/rollup_writer.hpp"
#include "storage/historian/view_minutes.hpp"
#include "storage/historian/writer_memory.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// Keeps what the next batch needs in memory; a batch that was not committed throws it away. One
/// process alone may write samples, by one Ingest.
///
/// Raw samples keep every bit. A sample that repeats the newest of its point (same time, value and
/// quality: what a new subscription sends first) is left out.
///
/// Life is proven up to the end of the link record. Where that is alive, samples of a PLC whose
/// clock runs up to an hour ahead of the collector's are taken as its proof.
///
/// A sample from farther in the future is stored as it is: whether it is let through is decided
/// where there is a clock. The time between it and its neighbours in a bucket counts as not seen,
/// and the point's present samples are late from then on: exact, but slower.
class Ingest {
 public:
  /// All must outlive it.
  Ingest(Tables& tables, const Plant& plant, Names& names);

  /// In a transaction of its own. invalid_argument: see BatchRuns. Throws DatabaseError. After
  /// either nothing is stored.
  Result<void> write(const Batch& batch);

  /// How many batches were written since one touched this hour; nothing when none of this process
  /// did.
  std::optional<std::int64_t> batches_since(const HotHour& hour) const;
  /// Batches that this process wrote, those that failed half way included.
  std::int64_t batches() const { return newest_batch_; }
  /// The parts of this hour are folded.
  void on_folded(const HotHour& hour) {
    touched_.erase({hour.segment, hour.hour});
    hot_.erase({hour.segment, hour.hour});
  }
  /// Retention removed raw samples.
  void on_raw_removed(Timestamp before);

 private:
  using HotPlace = std::pair<std::uint32_t, Timestamp>;  ///< Segment and hour.
  struct Work;

  Result<void> write_in_transaction(const Batch& batch);
  void forget();
  void load_memory();
  LinkInterval add_links(const Batch& batch, const BatchRuns& runs);
  void leave_out_repetitions(std::vector<PointRun>& runs);
  void put_hot_parts(Work& work);
  void put_rollups(Work& work);
  void put_closed(const Work& work, std::vector<ClosedBucket> closed);
  void put_points(const Work& work);
  void put_extent(const Work& work);
  void put_minutes(const Batch& batch, const Work& work);
  void know_life_from(Timestamp from);

  Tables& tables_;
  const Plant& plant_;
  Names& names_;
  ViewMinutes view_minutes_;
  std::optional<WriterMemory> memory_;
  std::map<HotPlace, std::int64_t> touched_;  ///< Newest batch, also one that failed.
  std::set<HotPlace> hot_;         ///< That this process knows to have committed hot parts.
  std::int64_t newest_batch_ = 0;  ///< Counts the batches of this process.
};

}  // namespace wl::storage
