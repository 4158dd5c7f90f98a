// Energy as the API says it: kWh, and nothing where the ledger knows nothing.
#pragma once

#include <optional>
#include <string_view>

#include "storage/store.hpp"
#include "web/api/parameters.hpp"

namespace wl::web {

/// The points that every device of the plant is expected to have.
inline constexpr std::string_view energy_point_name = "energy_kwh";
inline constexpr std::string_view power_point_name = "power_kw";

constexpr double kwh(std::int64_t milli_wh) {
  return static_cast<double>(milli_wh) / 1e6;
}

/// Nothing where nothing was seen.
inline std::optional<double> energy_kwh(const storage::EnergySum& sum) {
  if (sum.coverage <= 0 && sum.milli_wh == 0) return std::nullopt;
  return kwh(sum.milli_wh);
}

/// Buckets that a range has at least: days, weeks and months at their longest.
std::size_t least_buckets(storage::Interval interval, const TimeRange& range);
Problem too_many_buckets(storage::Interval interval);

/// The finest interval of the ledger (15 min or longer) with at most `max_buckets` in the range;
/// month if there is none.
storage::Interval ledger_interval(const TimeRange& range, std::size_t max_buckets);

}  // namespace wl::web
