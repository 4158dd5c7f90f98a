#include "web/api/bucket_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "web/api/energy_words.hpp"
#include "web/api/history_page.hpp"
#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

using storage::Interval;
using storage::StatisticsBucket;
using OptionalInterval = std::optional<Interval>;

constexpr auto default_span = std::chrono::days(1);

constexpr std::array<Word<OptionalInterval>, 8> interval_words{{{"raw", std::nullopt},
                                                                {"auto", std::nullopt},
                                                                {"1m", Interval::minute},
                                                                {"15m", Interval::quarter},
                                                                {"hour", Interval::hour},
                                                                {"day", Interval::day},
                                                                {"week", Interval::week},
                                                                {"month", Interval::month}}};

std::expected<std::vector<PointId>, Problem> points_parameter(const std::string& query,
                                                              const Plant& plant, DeviceId device) {
  const std::vector<PointId> all = plant.points_of(device);
  const auto text = query_parameter(query, "points");
  if (!text || text->empty()) return all;
  std::string known;
  for (const PointId id : all) known += (known.empty() ? "" : ", ") + plant.point(id).name;
  std::vector<PointId> points;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    const auto found =
        std::ranges::find_if(all, [&](PointId id) { return plant.point(id).name == name; });
    if (found == all.end()) return std::unexpected(bad_parameter("points", known));
    if (std::ranges::find(points, *found) == points.end()) points.push_back(*found);
  }
  return points;
}

/// Nulls would say that nothing was measured.
Problem minutes_are_gone(Timestamp from) {
  const std::string kept = to_iso8601(from);
  return problems::bad_request(
      fmt::format("参数 interval 无效:1m 统计只保留 400 天,自 {} 起;更早的数据请用 15m、hour、day、"
                  "week、month 或 auto",
                  kept),
      fmt::format("parameter interval: statistics of 1m are kept for 400 days, from {} on; for "
                  "earlier times ask for 15m, hour, day, week, month or auto",
                  kept));
}

void write_number(JsonWriter& json, std::string_view key, const std::optional<double>& value) {
  json.key(key);
  if (value) {
    json.number(*value);
  } else {
    json.null();
  }
}

/// A code has no mean; its word is the last one.
void write_state(JsonWriter& json, const PointSpec& point, const std::optional<double>& last) {
  json.key("last");
  const double code = last ? std::round(*last) : -1;
  if (code >= 0 && code < static_cast<double>(point.words.size())) {
    json.text(point.words[static_cast<std::size_t>(code)]);
  } else {
    json.null();
  }
}

void write_point(JsonWriter& json, const PointSpec& point, const StatisticsBucket& bucket) {
  json.key(point.name).object();
  if (point.kind == PointKind::state) {
    write_state(json, point, bucket.last);
  } else {
    write_number(json, "min", bucket.min);
    write_number(json, "max", bucket.max);
    write_number(json, "avg", bucket.mean);
    write_number(json, "last", bucket.last);
  }
  json.key("count").integer(static_cast<std::int64_t>(bucket.count));
  json.key("coverage").number(bucket.good_share).end();
}

/// What the device used, bucket by bucket.
using EnergyOfBuckets = std::vector<std::optional<double>>;

EnergyOfBuckets counted(const std::vector<StatisticsBucket>& buckets) {
  EnergyOfBuckets energy;
  for (const StatisticsBucket& bucket : buckets) {
    const bool known = bucket.first && bucket.last && *bucket.last >= *bucket.first;
    energy.push_back(known ? std::optional(*bucket.last - *bucket.first) : std::nullopt);
  }
  return energy;
}

EnergyOfBuckets from_ledger(const std::vector<storage::EnergySum>& sums,
                            const std::vector<StatisticsBucket>& buckets) {
  EnergyOfBuckets energy;
  for (const StatisticsBucket& bucket : buckets) {
    const auto sum = std::ranges::lower_bound(sums, bucket.from, {}, &storage::EnergySum::from);
    const bool there = sum != sums.end() && sum->from == bucket.from;
    energy.push_back(there ? energy_kwh(*sum) : std::nullopt);
  }
  return energy;
}

/// Nothing when the counter was not asked for.
Result<std::optional<EnergyOfBuckets>> energy_of(storage::Store& store, const Plant& plant,
                                                 const BucketQuery& query,
                                                 const storage::StatisticsAnswer& answer) {
  const auto counter =
      plant.find_point(plant.device(query.device).id + "." + std::string(energy_point_name));
  const auto asked = std::ranges::find(query.points, counter.value_or(PointId{~0u}));
  if (!counter || asked == query.points.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(asked - query.points.begin());
  const std::vector<StatisticsBucket>& buckets = answer.series[at].buckets;
  if (answer.interval == Interval::minute) return counted(buckets);
  const auto series = store.energy({.devices = {query.device},
                                    .from = query.range.from,
                                    .to = query.range.to,
                                    .interval = answer.interval,
                                    .max_buckets = max_buckets});
  if (!series) return std::unexpected(series.error());
  return from_ledger(series->front().buckets, buckets);
}

void write_buckets(JsonWriter& json, const Plant& plant, const BucketQuery& query,
                   const storage::StatisticsAnswer& answer,
                   const std::optional<EnergyOfBuckets>& energy) {
  json.key("data").array();
  const std::size_t count = answer.series.empty() ? 0 : answer.series.front().buckets.size();
  constexpr std::size_t bytes_a_bucket = 120;
  constexpr std::size_t bytes_a_point = 110;
  json.reserve(count * (bytes_a_bucket + bytes_a_point * query.points.size()));
  std::string end;  // Of the bucket before, which mostly is where the next one begins.
  Timestamp end_time{};
  for (std::size_t i = 0; i < count; ++i) {
    const StatisticsBucket& first = answer.series.front().buckets[i];
    json.object()
        .key("timestamp")
        .text(!end.empty() && first.from == end_time ? end : to_iso8601(first.from));
    end = to_iso8601(end_time = first.to);
    json.key("end").text(end);
    if (energy) write_number(json, energy_point_name, (*energy)[i]);
    json.key("points").object();
    for (std::size_t p = 0; p < query.points.size(); ++p)
      write_point(json, plant.point(query.points[p]), answer.series[p].buckets[i]);
    json.end().end();
  }
  json.end();
}

Result<std::vector<Gap>> gaps_of(storage::Store& store, const BucketQuery& query,
                                 const std::vector<LinkInterval>& intervals) {
  const auto extent = store.extent();
  if (!extent) return std::unexpected(extent.error());
  HistoryWindow window;
  window.from = query.range.from;
  window.to = query.range.to;
  window.settled_until = query.settled_until;
  if (*extent) window.recorded_from = (*extent)->first;
  return plan_ticks(window, intervals).gaps;
}

}  // namespace

bool asks_for_buckets(const std::string& query) {
  const auto interval = query_parameter(query, "interval");
  return interval && !interval->empty() && *interval != "raw";
}

std::expected<BucketQuery, Problem> parse_bucket_query(const std::string& query, const Plant& plant,
                                                       DeviceId device, Timestamp now,
                                                       BucketForm form) {
  BucketQuery asked;
  asked.device = device;
  const auto interval = word_parameter<OptionalInterval>(query, "interval", {}, interval_words);
  if (!interval) return std::unexpected(interval.error());
  asked.interval = *interval;
  const auto range = range_parameters(query, now, default_span);
  if (!range) return std::unexpected(range.error());
  asked.range = *range;
  const bool automatic = !asked.interval;
  // Auto must not choose minutes that were removed while the quarters of that time are kept.
  const Timestamp minutes_from = now - storage::RetentionRules{}.minutes;
  if (automatic && asked.range.from < minutes_from)
    asked.interval = ledger_interval(asked.range, max_buckets);
  if (asked.interval == Interval::minute && asked.range.from < minutes_from)
    return std::unexpected(minutes_are_gone(minutes_from));
  const bool paged = form == BucketForm::page && !automatic;
  if (paged && least_buckets(*asked.interval, asked.range) > max_buckets)
    return std::unexpected(too_many_buckets(*asked.interval));
  auto points = points_parameter(query, plant, device);
  if (!points) return std::unexpected(points.error());
  asked.points = std::move(*points);
  return asked;
}

BucketQuery next_page(BucketQuery query) {
  if (!query.interval) return query;  // Auto never has more than a page.
  // At their shortest, so that a page is never too long; two may stick out at its ends.
  constexpr std::array<Milliseconds, 6> shortest{
      std::chrono::minutes{1}, std::chrono::minutes{15}, std::chrono::hours{1},
      std::chrono::hours{22},  std::chrono::hours{166},  std::chrono::hours{27 * 24}};
  const Milliseconds longest =
      shortest[static_cast<std::size_t>(*query.interval)] * (max_buckets - 2);
  query.range.to = std::min(query.range.to, query.range.from + longest);
  return query;
}

Result<BucketBody> bucket_body(storage::Store& store, const Plant& plant,
                               const BucketQuery& query) {
  storage::StatisticsAnswer answer;
  answer.interval = query.interval.value_or(Interval::minute);
  std::optional<EnergyOfBuckets> energy;
  if (query.range.from < query.range.to) {
    auto read = store.statistics({.points = query.points,
                                  .from = query.range.from,
                                  .to = query.range.to,
                                  .interval = query.interval,
                                  .max_buckets = max_buckets});
    if (!read) return std::unexpected(read.error());
    answer = std::move(*read);
    auto used = energy_of(store, plant, query, answer);
    if (!used) return std::unexpected(used.error());
    energy = std::move(*used);
  }
  const auto gaps = gaps_of(store, query, answer.intervals);
  if (!gaps) return std::unexpected(gaps.error());
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("device_id").text(plant.device(query.device).id);
  json.key("interval").text(word_of(answer.interval));
  write_buckets(json, plant, query, answer, energy);
  write_gaps(json, *gaps);
  json.end();
  const bool any = !answer.series.empty() && !answer.series.front().buckets.empty();
  return BucketBody{json.take(), any ? answer.series.front().buckets.back().to : query.range.to};
}

}  // namespace wl::web
