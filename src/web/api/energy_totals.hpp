// Energy and power over one stretch of time of any length, from buckets that lie wholly inside.
#pragma once

#include <optional>
#include <vector>

#include "storage/store.hpp"
#include "web/api/parameters.hpp"

namespace wl::web {

struct EnergyTotal {
  std::int64_t milli_wh = 0;
  double coverage = 0;  ///< Part of the range that was seen, 0 to 1.
  bool known() const { return coverage > 0 || milli_wh != 0; }
};

struct PowerTotal {
  std::optional<double> mean;  ///< kW, time-weighted; nothing when no usable value was held.
  std::optional<double> max;
  std::optional<double> min;
  std::uint64_t count = 0;  ///< Stored samples: changes, not the ticks in between.
};

/// Both ends moved outwards to whole quarter hours, the grain of the ledger.
TimeRange whole_quarters(const TimeRange& range);

/// The same range a calendar year earlier (of 29 February: the 28th).
TimeRange a_year_before(const TimeRange& range);

/// Reads totals over ranges of whole quarters: days where they fit, quarters at the ends, so that
/// decades cost a few hundred buckets. One thread, the one of the store.
class TotalsReader {
 public:
  explicit TotalsReader(storage::Store& store) : store_(store) {}

  /// One a device, in their order. Precondition: whole quarters, at least one device.
  Result<std::vector<EnergyTotal>> energy(const std::vector<DeviceId>& devices,
                                          const TimeRange& range);
  /// One a point, in their order. Precondition: as of energy().
  Result<std::vector<PowerTotal>> power(const std::vector<PointId>& points, const TimeRange& range);

 private:
  struct Part {
    storage::Interval interval;
    TimeRange range;
  };
  Result<std::vector<Part>> parts(const TimeRange& range);

  storage::Store& store_;
};

}  // namespace wl::web
