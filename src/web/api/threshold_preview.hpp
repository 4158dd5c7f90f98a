// How often a threshold would have fired: counted over minutes that are stored anyway.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/alarm_row.hpp"
#include "storage/store.hpp"

namespace wl::web {

/// A stretch of minutes in which the limit was passed.
struct Firing {
  Timestamp from{};
  Timestamp to{};      ///< End of its last minute.
  double extreme = 0;  ///< The greatest value of it; for a low limit the least.

  bool operator==(const Firing&) const = default;
};

struct FiringCount {
  std::uint64_t firings = 0;
  std::uint64_t minutes = 0;              ///< In which the limit was passed.
  std::uint64_t minutes_with_values = 0;  ///< Of all that were looked at.
  std::vector<Firing> newest;             ///< The last ten, oldest first.
};

/// Consecutive minutes whose greatest value (of a low limit: least) passes the limit are one
/// firing. It goes on while that value has not come back to the limit by the hysteresis; a minute
/// without a value neither begins nor ends one. Delays and ALARM_CONSECUTIVE_COUNT are not looked
/// at, so what lasted shorter than they ask for counts here and would not fire: the count is an
/// upper bound.
FiringCount count_firings(std::span<const storage::StatisticsBucket> minutes,
                          const ThresholdRow& threshold);

}  // namespace wl::web
