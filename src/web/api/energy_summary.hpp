// GET /api/energy/summary: what was used, by device and in time, and against earlier periods.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "storage/store.hpp"
#include "web/api/parameters.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// What stands for a bucket: `sum` is the energy used in it (kWh, never a sum of readings);
/// `avg`, `max` and `min` are of the power (kW); `count` is the number of stored power samples.
enum class Aggregate { avg, sum, max, min, count };

struct SummaryQuery {
  TimeRange range;                ///< Whole quarter hours.
  std::vector<DeviceId> devices;  ///< One, or all.
  bool of_one_device = false;
  Aggregate aggregate = Aggregate::sum;
  std::optional<storage::Interval> interval;  ///< Nothing: the overview.
};

/// start_time (default: a day before the end), end_time (default, and at most: now), both widened
/// to whole quarter hours; device_id (default: all); aggregate (default: sum); interval: 15m, hour,
/// day, week or month.
std::expected<SummaryQuery, Problem> parse_summary_query(const std::string& query,
                                                         const Plant& plant, Timestamp now);

/// Reads and writes the body; runs on the thread that owns the store.
///
/// With an interval: one value a device and bucket, null where nothing is known; buckets are whole,
/// also where they stick out of the range. Without: the totals of the range; the plant's total is
/// that of its line meter (the one device of type `line`), else the sum of all devices; the
/// comparison with the range of the same length before and with that of a year ago; and a trend of
/// at most 2,000 points with the energy of each device in kWh.
Result<std::string> summary_body(storage::Store& store, const Plant& plant,
                                 const SummaryQuery& query);

}  // namespace wl::web
