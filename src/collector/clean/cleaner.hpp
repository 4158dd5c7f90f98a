// From what arrives to what is stored: each value with its quality, its time and the reason why.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "collector/clean/counts.hpp"
#include "collector/clean/judge.hpp"
#include "collector/clean/point_memory.hpp"
#include "collector/now.hpp"
#include "model/live_message.hpp"
#include "model/plant.hpp"
#include "model/sample.hpp"
#include "model/value.hpp"

namespace wl::collector {

/// A source whose clock is behind by more is not believed; the ledger takes no later reading.
inline constexpr Milliseconds longest_behind = std::chrono::hours{24};
/// A steady value may be old when it comes for the first time; older is a clock that was never set.
inline constexpr Milliseconds oldest_value = std::chrono::days{366};

/// Decides on every value; nothing is dropped but what is no news. Pure: the same stream gives the
/// same samples. One thread uses it; `plant` must outlive it. Limits: about 1.6 kB a point.
///
/// The value: a bad one keeps the number before; doubts make a good one uncertain (cleaning_table);
/// what the source calls uncertain keeps its code. A counter is judged by its range only: how it
/// moves is the ledger's business, and a fall must reach it as good as it came.
///
/// The time: the source's, unless it cannot be true (cleaning_table says when); then the time of
/// receipt, and Good becomes Good_Edited: a reading of a meter with a wrong clock still counts.
class Cleaner {
 public:
  explicit Cleaner(const Plant& plant);

  /// A value as it arrived now: arrival is the order of truth, so it is the newest whatever time it
  /// bears; a point never stays at an old value because a clock was set back. `held` is the point's
  /// held value and becomes the sample returned; nothing when it is no news.
  std::optional<Sample> live(PointId point, const DataValue& value, Timestamp received_at,
                             LiveValue& held);

  /// A value out of the source's history, in any order: its source time is the order of truth.
  /// Behind the held one it is stored as late and `held` stays. A time that is missing, ahead of
  /// the newest time told here, or older than oldest_value cannot be mended: counted, not stored.
  std::optional<Sample> history(PointId point, const DataValue& value, LiveValue& held);

  /// Time went on. Returns one sample for each point that is stuck from now on: Good until now,
  /// and unchanged for `stuck_after` of proven life. Cleared by movement. Call it each tick.
  std::vector<Sample> on_tick(Now now, bool link_alive, std::span<LiveValue> held);

  const CleaningCounts& counts() const { return counts_; }

 private:
  struct Arrival;
  struct Dating {
    Timestamp at{};
    std::optional<CleaningReason> reason;
  };

  bool is_repeated(const Arrival& arrival) const;
  Dating date(const Arrival& arrival) const;
  bool is_wrong(const Arrival& arrival) const;
  Quality rate_checked(const Arrival& arrival, Timestamp at, Believed& believed);
  std::optional<Sample> hold(const Arrival& arrival, Dating dating);
  Sample late(const Arrival& arrival);
  std::optional<Sample> none(PointId point, CleaningReason reason);

  const Plant& plant_;
  std::vector<PointMemory> memory_;  ///< By PointId.
  std::vector<PointId> may_stick_;
  CleaningCounts counts_;
  Timestamp told_{};                      ///< Our clock when it was told last.
  std::optional<Milliseconds> alive_at_;  ///< Monotonic: the tick before, if the link was alive.
};

}  // namespace wl::collector
