// Cleaning and holding: from what the gateway says to samples, and the value each point has now.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/live_message.hpp"
#include "model/plant.hpp"
#include "model/sample.hpp"
#include "model/value.hpp"

namespace wl::collector {

/// Status of a number outside the range of its point: kept and shown, but not trusted.
inline constexpr Quality out_of_range{0x40940000};  // Uncertain_EngineeringUnitsExceeded

/// The newest cleaned value of every point. Before the first one a point is
/// Bad_WaitingForInitialData. Pure; one thread uses it. `plant` must outlive it.
class HeldValues {
 public:
  explicit HeldValues(const Plant& plant);

  /// Takes one change as it arrived and holds it. Returns the sample to store; nothing when it is
  /// no news (a new subscription repeats the current value) or no number (a text).
  ///
  /// - bad quality: the number before is kept, because a bad value carries none
  /// - NaN or infinite: bad, likewise
  /// - outside [low, high] of the point: uncertain
  /// - a source time that is missing, or not after the held one although this arrived later (a
  ///   quality change dated with its old value): the time of arrival counts
  std::optional<Sample> accept(PointId point, const DataValue& value, Timestamp received_at);

  /// Indexed by PointId.
  const std::vector<LiveValue>& all() const { return held_; }
  const LiveValue& of(PointId point) const { return held_[point.value]; }

  /// Changes that were texts: a configuration mistake in plant.json, counted for the operator.
  std::uint64_t not_numbers() const { return not_numbers_; }

 private:
  const Plant& plant_;
  std::vector<LiveValue> held_;
  std::uint64_t not_numbers_ = 0;
};

}  // namespace wl::collector
