// GET /api/devices/{id}/history with interval=auto, 1m, 15m, hour, day, week or month: statistics.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "storage/store.hpp"
#include "web/api/parameters.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// Buckets of one answer at most, a point or device.
inline constexpr std::size_t max_buckets = 2000;

/// Whether the answer comes in one piece, or as a stream of as many buckets as the range has.
enum class BucketForm { page, stream };

struct BucketQuery {
  DeviceId device;
  TimeRange range;
  std::optional<storage::Interval> interval;  ///< Nothing: the finest that fits.
  std::vector<PointId> points;
  Timestamp settled_until{};  ///< Younger batches may be on their way: no gap.
};

/// False for a page of raw rows: no interval, or interval=raw.
bool asks_for_buckets(const std::string& query);

/// interval; start_time (default: a day before the end); end_time (default, and at most: now);
/// points: names of the device's points, with commas (default: all). More than `max_buckets` of
/// the interval are refused for a page, and minutes of a time whose minutes were removed.
std::expected<BucketQuery, Problem> parse_bucket_query(const std::string& query, const Plant& plant,
                                                       DeviceId device, Timestamp now,
                                                       BucketForm form = BucketForm::page);

/// The part of a stream that begins at `query.range.from` and is no longer than a page.
BucketQuery next_page(BucketQuery query);

struct BucketBody {
  std::string json;
  Timestamp complete_to{};  ///< The end of the last bucket; of the range when it has none.
};

/// Reads and writes the body; runs on the thread that owns the store. Buckets are whole, also where
/// they stick out of the range; `energy_kwh` of a bucket is what the device used in it, from the
/// energy ledger, in buckets of 1 min a difference of counter readings. What is not known is null.
Result<BucketBody> bucket_body(storage::Store& store, const Plant& plant, const BucketQuery& query);

}  // namespace wl::web
