// The value that each point has now.
#pragma once

#include <optional>
#include <vector>

#include "collector/clean/cleaner.hpp"

namespace wl::collector {

/// The newest cleaned value of every point. Before the first one a point is
/// Bad_WaitingForInitialData. Pure; one thread uses it. `plant` must outlive it.
class HeldValues {
 public:
  explicit HeldValues(const Plant& plant);

  /// Takes one change as it arrived and holds it. Returns the sample to store; nothing when it is
  /// no news. See Cleaner::live.
  std::optional<Sample> accept(PointId point, const DataValue& value, Timestamp received_at);

  /// Takes one value out of the source's history, or a notification that comes behind later ones.
  /// Returns the sample to store. It is held only when newer than the held one: then of(point) has
  /// its source time. See Cleaner::history.
  std::optional<Sample> accept_history(PointId point, const DataValue& value);

  /// Call it each tick. Returns a sample to store, and to show, of each point that is stuck from
  /// now on. See Cleaner::on_tick.
  std::vector<Sample> on_tick(Now now, bool link_alive);

  /// Indexed by PointId.
  const std::vector<LiveValue>& all() const { return held_; }
  const LiveValue& of(PointId point) const { return held_[point.value]; }

  const CleaningCounts& counts() const { return cleaner_.counts(); }

 private:
  Cleaner cleaner_;
  std::vector<LiveValue> held_;
};

}  // namespace wl::collector
