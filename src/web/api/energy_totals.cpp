#include "web/api/energy_totals.hpp"

#include <algorithm>

namespace wl::web {
namespace {

using storage::Interval;

/// Up to here quarters are read alone: 21 days.
constexpr std::int64_t most_quarters = 2016;
/// 2,000 years of days: the range of times ends before.
constexpr std::size_t no_limit = 1'000'000;

Timestamp floor_to_quarter(Timestamp time) {
  const auto since = time.time_since_epoch();
  const auto rest = since % energy_bucket_length;
  return Timestamp{since - rest - (rest.count() < 0 ? energy_bucket_length : Milliseconds{0})};
}

Timestamp a_year_before(Timestamp time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  year_month_day date = year_month_day{day} - years{1};
  if (!date.ok()) date = date.year() / date.month() / last;
  return sys_days{date} + (time - day);
}

double milliseconds(const storage::StatisticsBucket& bucket) {
  return static_cast<double>((bucket.to - bucket.from).count());
}

/// A mean over several buckets, each weighted by the time that a value was held in it.
class MeanOfBuckets {
 public:
  void join(PowerTotal& total, const storage::StatisticsBucket& bucket) {
    total.count += bucket.count;
    if (bucket.min) total.min = std::min(total.min.value_or(*bucket.min), *bucket.min);
    if (bucket.max) total.max = std::max(total.max.value_or(*bucket.max), *bucket.max);
    if (!bucket.mean || bucket.good_share <= 0) return;
    const double weight = bucket.good_share * milliseconds(bucket);
    weighted_ += *bucket.mean * weight;
    weight_ += weight;
    total.mean = weighted_ / weight_;
  }

 private:
  double weighted_ = 0;
  double weight_ = 0;
};

}  // namespace

TimeRange whole_quarters(const TimeRange& range) {
  const Timestamp from = floor_to_quarter(range.from);
  const Timestamp to = floor_to_quarter(range.to + energy_bucket_length - Milliseconds{1});
  return {from, std::max(to, from + energy_bucket_length)};
}

TimeRange a_year_before(const TimeRange& range) {
  return {a_year_before(range.from), a_year_before(range.to)};
}

Result<std::vector<TotalsReader::Part>> TotalsReader::parts(const TimeRange& range) {
  if (range.length() / energy_bucket_length <= most_quarters)
    return std::vector{Part{Interval::quarter, range}};
  // The store knows where the plant's days begin; without points it reads nothing else.
  const auto ends = [this](Timestamp from) {
    return store_.energy({.devices = {DeviceId{0}},
                          .from = from,
                          .to = from + energy_bucket_length,
                          .interval = Interval::day,
                          .max_buckets = 2});
  };
  const auto first = ends(range.from);
  if (!first) return std::unexpected(first.error());
  const auto last = ends(range.to - energy_bucket_length);
  if (!last) return std::unexpected(last.error());
  const auto& begins = first->front().buckets.front();
  const auto& stops = last->front().buckets.back();
  const Timestamp from = begins.from == range.from ? range.from : begins.to;
  const Timestamp to = stops.to == range.to ? range.to : stops.from;
  std::vector<Part> parts;
  if (range.from < from) parts.push_back({Interval::quarter, {range.from, from}});
  parts.push_back({Interval::day, {from, to}});
  if (to < range.to) parts.push_back({Interval::quarter, {to, range.to}});
  return parts;
}

Result<std::vector<EnergyTotal>> TotalsReader::energy(const std::vector<DeviceId>& devices,
                                                      const TimeRange& range) {
  const auto all = parts(range);
  if (!all) return std::unexpected(all.error());
  std::vector<EnergyTotal> totals(devices.size());
  const auto whole = static_cast<double>(range.length().count());
  for (const Part& part : *all) {
    const auto series = store_.energy({.devices = devices,
                                       .from = part.range.from,
                                       .to = part.range.to,
                                       .interval = part.interval,
                                       .max_buckets = no_limit});
    if (!series) return std::unexpected(series.error());
    for (std::size_t i = 0; i < totals.size(); ++i) {
      for (const storage::EnergySum& sum : (*series)[i].buckets) {
        totals[i].milli_wh += sum.milli_wh;
        totals[i].coverage +=
            sum.coverage * static_cast<double>((sum.to - sum.from).count()) / whole;
      }
    }
  }
  return totals;
}

Result<std::vector<PowerTotal>> TotalsReader::power(const std::vector<PointId>& points,
                                                    const TimeRange& range) {
  const auto all = parts(range);
  if (!all) return std::unexpected(all.error());
  std::vector<PowerTotal> totals(points.size());
  std::vector<MeanOfBuckets> means(points.size());
  for (const Part& part : *all) {
    const auto answer = store_.statistics({.points = points,
                                           .from = part.range.from,
                                           .to = part.range.to,
                                           .interval = part.interval,
                                           .max_buckets = no_limit});
    if (!answer) return std::unexpected(answer.error());
    for (std::size_t i = 0; i < totals.size(); ++i)
      for (const storage::StatisticsBucket& bucket : answer->series[i].buckets)
        means[i].join(totals[i], bucket);
  }
  return totals;
}

}  // namespace wl::web
