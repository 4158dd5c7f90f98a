#include "storage/historian/historian.hpp"

#include <algorithm>

#include "storage/historian/alarm_keeping.hpp"
#include "storage/historian/energy_ledger_rows.hpp"
#include "storage/historian/oee_rows.hpp"
#include "storage/historian/rollup_reader.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/historian/transaction.hpp"
#include "storage/rollup/compose.hpp"

namespace wl::storage {
namespace {

/// Runs `work`; a DatabaseError becomes its Error.
template <class Work>
auto guarded(Tables& tables, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const DatabaseError& error) {
    return std::unexpected(described(error, tables));
  }
}

/// Each series was read with one sample more than the limit, so the limit-th oldest time of all is
/// known: every series is whole before it.
void cut_to_limit(RawAnswer& answer, std::size_t limit) {
  std::vector<Timestamp> times;
  for (const RawSeries& series : answer.series) {
    for (const Sample& sample : series.samples) times.push_back(sample.source_time);
  }
  if (times.size() <= limit) return;
  const auto first_too_many = times.begin() + static_cast<std::ptrdiff_t>(limit);
  std::ranges::nth_element(times, first_too_many);
  answer.cut = true;
  answer.complete_to = *first_too_many;
  for (RawSeries& series : answer.series) {
    const auto tail =
        std::ranges::lower_bound(series.samples, answer.complete_to, {}, &Sample::source_time);
    series.samples.erase(tail, series.samples.end());
  }
}

/// Nothing where the bytes are damaged: an hour is not lost with the one before it.
std::vector<Sample> hour_or_nothing(RawReader& raw, RawReader::Target target, Timestamp hour) {
  try {
    return raw.hour(target, hour);
  } catch (const DamagedBytes& damage) {
    if (damage.cause().code != Errc::corrupt) throw;
    return {};
  }
}

Timestamp within_storable(Timestamp time) {
  return std::clamp(time, Timestamp{-farthest_time}, Timestamp{farthest_time});
}

}  // namespace

Historian::Historian(std::unique_ptr<Tables> tables, const Plant& plant, Calendar calendar)
    : tables_(std::move(tables)),
      plant_(plant),
      calendar_(calendar),
      names_(*tables_, plant),
      ingest_(*tables_, plant, names_),
      upkeep_(*tables_, ingest_) {}

Result<void> Historian::write_batch(const Batch& batch) {
  return guarded(*tables_, [&] { return ingest_.write(batch); });
}

Result<std::uint64_t> Historian::last_seq(const std::string& source) {
  return guarded(*tables_, [&]() -> Result<std::uint64_t> { return tables_->last_seq(source); });
}

Result<std::vector<Sample>> Historian::latest() {
  return guarded(*tables_, [&]() -> Result<std::vector<Sample>> {
    const Transaction same_moment(*tables_, Access::read);
    names_.refresh();
    std::vector<Sample> found;
    for (const LatestRow& row : tables_->latest()) {
      const auto point = names_.point_of(row.point);
      if (point) found.push_back({*point, row.value, {row.quality}, row.source_time});
    }
    std::ranges::sort(found, {}, &Sample::point);
    return found;
  });
}

Result<RawAnswer> Historian::read_raw(const RawQuery& query) {
  return guarded(*tables_, [&]() -> Result<RawAnswer> {
    RawAnswer answer{.series = {}, .intervals = {}, .complete_to = query.to};
    const Transaction same_moment(*tables_, Access::read);  // Series and intervals fit together.
    names_.refresh();
    RawReader raw(*tables_);
    const auto points = static_cast<std::uint32_t>(query.points.size());
    RawQuery range{.points = {},
                   .from = within_storable(query.from),
                   .to = within_storable(query.to),
                   .limit = std::max(query.limit, points)};
    for (const PointId point : query.points) {
      answer.series.push_back(read_series(raw, point, range));
      const auto& samples = answer.series.back().samples;
      // What lies behind a full series will be cut off anyway.
      if (samples.size() > range.limit)
        range.to = std::min(range.to, samples.back().source_time + Milliseconds{1});
    }
    cut_to_limit(answer, range.limit);
    answer.intervals = tables_->links(query.from, query.to);
    return answer;
  });
}

RawSeries Historian::read_series(RawReader& raw, PointId point, const RawQuery& range) {
  RawSeries series{.point = point, .before = {}, .samples = {}};
  const auto row = names_.find(point);
  if (!row) return series;
  const RawReader::Target target{*row, point};
  const Timestamp hour = hour_of(range.from);
  // The hour of `from` as a whole: the value held at `from` is mostly in it.
  const std::vector<Sample> first = raw.hour(target, hour);
  const auto at = std::ranges::lower_bound(first, range.from, {}, &Sample::source_time);
  series.before = at != first.begin() ? *std::prev(at) : held_before(raw, target, hour);
  series.samples.assign(at, first.end());
  const std::size_t limit = range.limit;
  if (series.samples.size() <= limit && hour + one_hour < range.to) {
    const auto more = raw.hours(target, hour + one_hour, range.to, limit - series.samples.size());
    series.samples.insert(series.samples.end(), more.begin(), more.end());
  }
  const auto end = std::ranges::lower_bound(series.samples, range.to, {}, &Sample::source_time);
  series.samples.erase(end, series.samples.end());
  if (series.samples.size() > limit + 1) series.samples.resize(limit + 1, series.samples.front());
  return series;
}

std::optional<Sample> Historian::held_before(RawReader& raw, RawReader::Target target,
                                             Timestamp hour) {
  const OpenBuckets open = read_open(*tables_, target.row);
  const auto newest = read_buckets(*tables_, open, target.row, Tier::hour, hour, hour).before;
  if (!newest) return std::nullopt;
  const std::vector<Sample> samples = hour_or_nothing(raw, target, newest->start);
  if (!samples.empty()) return samples.back();
  return Sample{.point = target.point,
                .value = newest->last,
                .quality = newest->ends_usable ? quality::good : quality::bad,
                .source_time = newest->last_time};
}

Result<std::vector<Timestamp>> Historian::edges_of(const StatisticsQuery& query,
                                                   Interval interval) const {
  return calendar_.edges(interval, query.from, query.to, query.max_buckets);
}

/// Minutes are removed some day, quarters never; both counted from the newest sample.
Interval Historian::finest_kept(const StatisticsQuery& query) {
  const Interval finest = calendar_.finest(query.from, query.to, query.max_buckets);
  if (finest != Interval::minute) return finest;
  const auto extent = facts::read_extent(*tables_);
  const bool removed = extent && query.from < extent->second - RetentionRules{}.minutes;
  return removed ? Interval::quarter : Interval::minute;
}

Result<StatisticsAnswer> Historian::statistics(const StatisticsQuery& query) {
  return guarded(*tables_, [&]() -> Result<StatisticsAnswer> {
    StatisticsAnswer answer;
    answer.interval = query.interval ? *query.interval : finest_kept(query);
    const auto edges = edges_of(query, answer.interval);
    if (!edges) return std::unexpected(edges.error());
    const Tier tier = calendar_.tier_for(answer.interval, edges->front(), edges->back());
    const Transaction same_moment(*tables_, Access::read);
    names_.refresh();
    answer.intervals = tables_->links(edges->front(), edges->back());
    const AliveTimeline alive(answer.intervals);
    for (const PointId point : query.points)
      answer.series.push_back({point, read_statistics(point, tier, *edges, alive)});
    std::erase_if(answer.intervals, [&](const LinkInterval& interval) {
      return interval.to <= query.from || interval.from >= query.to;
    });
    return answer;
  });
}

std::vector<StatisticsBucket> Historian::read_statistics(PointId point, Tier tier,
                                                         std::span<const Timestamp> edges,
                                                         const AliveTimeline& alive) {
  const auto row = names_.find(point);
  Composer composer(edges, alive);
  if (!row) return composer.finish();
  const OpenBuckets open = read_open(*tables_, *row);
  visit_buckets(*tables_, open, *row, tier, edges.front(), edges.back(),
                [&](std::span<const Bucket> buckets) { composer.add(buckets); });
  return composer.finish();
}

Result<std::vector<EnergySeries>> Historian::energy(const EnergyQuery& query) {
  return guarded(*tables_, [&]() -> Result<std::vector<EnergySeries>> {
    if (query.interval == Interval::minute)
      return fail(Errc::invalid_argument,
                  "energy is kept in quarter hours: ask for quarter, hour, day, week or month");
    const auto edges = calendar_.edges(query.interval, query.from, query.to, query.max_buckets);
    if (!edges) return std::unexpected(edges.error());
    const Transaction same_moment(*tables_, Access::read);
    names_.refresh();
    std::vector<EnergySeries> answer;
    for (const DeviceId device : query.devices) {
      const auto row = names_.find(device);
      answer.push_back({device, row ? sum_energy(*tables_, *row, *edges) : no_energy(*edges)});
    }
    return answer;
  });
}

Result<std::vector<MeterEvent>> Historian::meter_events(Timestamp from, Timestamp to,
                                                        std::size_t limit) {
  return guarded(*tables_, [&]() -> Result<std::vector<MeterEvent>> {
    const Transaction same_moment(*tables_, Access::read);
    names_.refresh();
    std::vector<MeterEvent> events;
    for (const EventRow& row : tables_->events(from, to, limit)) {
      const auto device = names_.device_of(row.device);
      if (!device) continue;  // It left plant.json.
      events.push_back({.device = *device,
                        .kind = row.kind,
                        .at = row.at,
                        .before = row.before,
                        .after = row.after,
                        .revision = row.revision,
                        .voided = row.voided});
    }
    return events;
  });
}

Result<OeeAnswer> Historian::oee(const OeeQuery& query) {
  return guarded(*tables_, [&]() -> Result<OeeAnswer> {
    const ShiftTimes shifts(plant_.oee ? plant_.oee->calendar : ShiftCalendar{}, calendar_);
    auto buckets = oee_buckets(query, calendar_, shifts);
    if (!buckets) return std::unexpected(buckets.error());
    return sum_oee(*tables_, query, std::move(*buckets));
  });
}

Result<std::vector<OeeStop>> Historian::oee_stops(Timestamp from, Timestamp to,
                                                  std::size_t limit) {
  return guarded(*tables_, [&]() -> Result<std::vector<OeeStop>> {
    return tables_->oee_stops(from, to, limit);
  });
}

Result<std::optional<std::pair<Timestamp, Timestamp>>> Historian::extent() {
  return guarded(*tables_, [&]() -> Result<std::optional<std::pair<Timestamp, Timestamp>>> {
    return facts::read_extent(*tables_);
  });
}

Result<void> Historian::checkpoint() {
  return guarded(*tables_, [&]() -> Result<void> {
    tables_->checkpoint();
    return {};
  });
}

Result<std::optional<Timestamp>> Historian::covered_until() {
  return guarded(*tables_,
                 [&]() -> Result<std::optional<Timestamp>> { return tables_->links_end(); });
}

Result<std::string> Historian::ledger_state() {
  return guarded(*tables_, [&]() -> Result<std::string> {
    return tables_->fact(facts::ledger_state).value_or("");
  });
}

Result<std::vector<ThresholdRow>> Historian::rules() {
  return guarded(*tables_, [&]() -> Result<std::vector<ThresholdRow>> {
    return tables_->alarms().thresholds();
  });
}

Result<std::vector<AlarmRow>> Historian::open_alarms(Timestamp announced_since) {
  return guarded(*tables_, [&]() -> Result<std::vector<AlarmRow>> {
    return alarms_for_a_start(*tables_, announced_since);
  });
}

Result<std::uint64_t> Historian::last_alarm_id() {
  return guarded(*tables_,
                 [&]() -> Result<std::uint64_t> { return tables_->alarms().last_alarm_id(); });
}

Result<std::string> Historian::oee_state() {
  return guarded(*tables_, [&]() -> Result<std::string> {
    return tables_->fact(facts::oee_state).value_or("");
  });
}

Result<UpkeepReport> Historian::upkeep(Timestamp now, const RetentionRules& rules) {
  return guarded(*tables_, [&] { return upkeep_.step(now, rules); });
}

}  // namespace wl::storage
