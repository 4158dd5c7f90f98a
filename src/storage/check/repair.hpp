// Rollups computed again from the raw samples. Internal to the room.
#pragma once

#include <span>

#include "model/sample.hpp"
#include "storage/historian/names.hpp"
#include "storage/historian/view_minutes.hpp"
#include "storage/historian/writer_memory.hpp"

namespace wl::storage::check {

/// Precondition: no other process writes samples; what it keeps in memory would be old.
/// In a write transaction of the caller. Every call may throw DatabaseError.
class RollupRepair {
 public:
  /// Both must outlive it.
  RollupRepair(Tables& tables, const Plant& plant);

  /// The buckets of one hour in every tier, and the rows behind the SQL views that show the point.
  /// `samples` are all that the hour has: one or more.
  void renew_hour(PointRow row, Timestamp hour, std::span<const Sample> samples,
                  const AliveTimeline& alive);

 private:
  Tables& tables_;
  Names names_;
  ViewMinutes views_;
  WriterMemory memory_;
};

}  // namespace wl::storage::check
