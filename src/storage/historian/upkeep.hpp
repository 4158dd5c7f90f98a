// What is done between batches: full hours are folded, what is too old is removed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "storage/historian/fold.hpp"
#include "storage/historian/ingest.hpp"
#include "storage/historian/raw_archiving.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// One small step a call. An hour is folded when
/// - it ended ten minutes ago by `now`, and a newer hour has samples;
/// - the newest two batches brought nothing for it, so that a batch on its way is not split; the
///   newest thirty where the last of its samples came late (a PLC with a slow clock), which is
///   more than the hour before the newest one then, so that its chunks are not written again for
///   each batch. Hours that a fast replay left behind do not wait for thirty.
///
/// An hour with damaged bytes is told as an error once and then left as it is.
///
/// Age for retention counts from the older one of `now` and the newest sample: a clock that runs
/// ahead removes nothing.
class Upkeep {
 public:
  /// Both must outlive it.
  Upkeep(Tables& tables, Ingest& ingest)
      : tables_(tables), ingest_(ingest), archiving_(tables, ingest) {}

  /// The error of the archive, which then kept nothing: nothing was removed. Throws DatabaseError.
  Result<UpkeepReport> step(Timestamp now, const RetentionRules& rules);

 private:
  std::optional<HotHour> next_full_hour(Timestamp now, Timestamp newest);
  /// Nothing when no hour is to be folded.
  std::optional<UpkeepReport> fold(Timestamp now, Timestamp newest);
  void begin_fold(const HotHour& hour);
  bool touched_since_begun() const;
  void remember(Timestamp newest);
  /// The newest hour before the batch that is followed by `quiet` others; < 30.
  Timestamp newest_before_touch(std::int64_t quiet) const;
  UpkeepReport fold_step();
  Result<UpkeepReport> remove_raw(Timestamp before, ChunkArchive* archive);
  UpkeepReport drop_raw(Timestamp before);
  /// Minutes and alarms: once an hour there are some.
  UpkeepReport remove_rows(Timestamp minutes_before, Timestamp alarms_before);

  Tables& tables_;
  Ingest& ingest_;
  RawArchiving archiving_;
  std::unique_ptr<Fold> fold_;
  std::int64_t fold_begun_ = 0;  ///< ingest_.batches() then.
  /// The newest hour after so many batches, for those of the newest thirty that a step followed.
  std::map<std::int64_t, Timestamp> newest_hours_;
  std::set<std::pair<std::uint32_t, Timestamp>> damaged_;  ///< Hours that cannot be folded.
  std::optional<Timestamp> raw_removed_before_;            ///< All of it, in this process.
  std::optional<Timestamp> rows_removed_before_;           ///< Likewise: minutes, and alarms.
};

}  // namespace wl::storage
