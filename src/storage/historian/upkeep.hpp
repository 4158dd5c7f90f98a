// What is done between batches: full hours are folded, what is too old is removed.
#pragma once

#include <memory>
#include <optional>

#include "storage/historian/fold.hpp"
#include "storage/historian/ingest.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// One small step a call. An hour is folded when
/// - it ended ten minutes ago by `now`, and a newer hour has samples;
/// - the newest two batches brought nothing for it, so that a batch on its way is not split; for
///   hours before the last one (late samples, a PLC with a slow clock) the newest thirty, so that
///   its chunks are not written again for each batch.
///
/// Age for retention counts from the older one of `now` and the newest sample: a clock that runs
/// ahead removes nothing.
class Upkeep {
 public:
  /// Both must outlive it.
  Upkeep(Tables& tables, Ingest& ingest) : tables_(tables), ingest_(ingest) {}

  /// The error of the archive, which then kept nothing: nothing was removed. Throws DatabaseError.
  Result<UpkeepReport> step(Timestamp now, const RetentionRules& rules);

 private:
  std::optional<HotHour> next_full_hour(Timestamp now, Timestamp newest);
  void begin_fold(const HotHour& hour);
  bool touched_since_begun() const;
  UpkeepReport fold_step();
  Result<UpkeepReport> remove_raw(Timestamp before, ChunkArchive* archive);
  Result<void> put_into(ChunkArchive& archive, Timestamp hour);
  UpkeepReport remove_minutes(Timestamp before);

  Tables& tables_;
  Ingest& ingest_;
  std::unique_ptr<Fold> fold_;
  std::int64_t fold_begun_ = 0;                      ///< ingest_.batches() then.
  std::optional<Timestamp> raw_removed_before_;      ///< All of it, in this process.
  std::optional<Timestamp> minutes_removed_before_;  ///< Likewise.
};

}  // namespace wl::storage
