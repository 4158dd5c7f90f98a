#include "web/api/energy_summary.hpp"

#include <algorithm>
#include <array>

#include "web/api/bucket_page.hpp"
#include "web/api/energy_totals.hpp"
#include "web/api/energy_words.hpp"
#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

using storage::Interval;
using OptionalInterval = std::optional<Interval>;

constexpr auto default_span = std::chrono::days(1);

constexpr std::array<Word<OptionalInterval>, 5> intervals{{{"15m", Interval::quarter},
                                                           {"hour", Interval::hour},
                                                           {"day", Interval::day},
                                                           {"week", Interval::week},
                                                           {"month", Interval::month}}};
constexpr std::array<Word<Aggregate>, 5> aggregates{{{"avg", Aggregate::avg},
                                                     {"sum", Aggregate::sum},
                                                     {"max", Aggregate::max},
                                                     {"min", Aggregate::min},
                                                     {"count", Aggregate::count}}};

std::vector<DeviceId> all_devices(const Plant& plant) {
  std::vector<DeviceId> devices;
  for (std::uint32_t i = 0; i < plant.devices.size(); ++i) devices.push_back(DeviceId{i});
  return devices;
}

std::expected<std::vector<DeviceId>, Problem> devices_parameter(const std::string& query,
                                                                const Plant& plant) {
  const auto id = query_parameter(query, "device_id");
  if (!id || id->empty()) return all_devices(plant);
  if (const auto device = plant.find_device(*id)) return std::vector{*device};
  std::string known;
  for (const DeviceSpec& device : plant.devices) known += (known.empty() ? "" : ", ") + device.id;
  return std::unexpected(bad_parameter("device_id", known));
}

void write_number(JsonWriter& json, std::string_view key, const std::optional<double>& value) {
  json.key(key);
  if (value) {
    json.number(*value);
  } else {
    json.null();
  }
}

std::optional<PointId> power_point(const Plant& plant, DeviceId device) {
  return plant.find_point(plant.device(device).id + "." + std::string(power_point_name));
}

/// Start and value of each bucket of one device.
struct Value {
  TimeRange bucket;
  std::optional<double> value;
};
using Values = std::vector<Value>;

Result<std::vector<Values>> energies(storage::Store& store, const SummaryQuery& query) {
  const auto series = store.energy({.devices = query.devices,
                                    .from = query.range.from,
                                    .to = query.range.to,
                                    .interval = *query.interval,
                                    .max_buckets = max_buckets});
  if (!series) return std::unexpected(series.error());
  std::vector<Values> all;
  for (const storage::EnergySeries& one : *series) {
    Values values;
    for (const storage::EnergySum& sum : one.buckets)
      values.push_back({{sum.from, sum.to}, energy_kwh(sum)});
    all.push_back(std::move(values));
  }
  return all;
}

std::optional<double> of(Aggregate aggregate, const storage::StatisticsBucket& bucket) {
  switch (aggregate) {
    case Aggregate::avg:
      return bucket.mean;
    case Aggregate::max:
      return bucket.max;
    case Aggregate::min:
      return bucket.min;
    default:
      return static_cast<double>(bucket.count);
  }
}

/// A device without a power point has no values.
Result<std::vector<Values>> powers(storage::Store& store, const Plant& plant,
                                   const SummaryQuery& query) {
  std::vector<Values> all;
  for (const DeviceId device : query.devices) {
    Values values;
    if (const auto point = power_point(plant, device)) {
      const auto answer = store.statistics({.points = {*point},
                                            .from = query.range.from,
                                            .to = query.range.to,
                                            .interval = query.interval,
                                            .max_buckets = max_buckets});
      if (!answer) return std::unexpected(answer.error());
      for (const storage::StatisticsBucket& bucket : answer->series.front().buckets)
        values.push_back({{bucket.from, bucket.to}, of(query.aggregate, bucket)});
    }
    all.push_back(std::move(values));
  }
  return all;
}

std::string_view unit_of(Aggregate aggregate) {
  if (aggregate == Aggregate::sum) return "kWh";
  return aggregate == Aggregate::count ? "" : "kW";
}

Result<std::string> by_interval(storage::Store& store, const Plant& plant,
                                const SummaryQuery& query) {
  const auto values =
      query.aggregate == Aggregate::sum ? energies(store, query) : powers(store, plant, query);
  if (!values) return std::unexpected(values.error());
  JsonWriter json;
  json.object().key("success").boolean(true).key("summary").object();
  json.key("aggregate").text(aggregates[static_cast<std::size_t>(query.aggregate)].word);
  json.key("unit").text(unit_of(query.aggregate));
  json.key("interval").text(word_of(*query.interval)).key("data").array();
  std::int64_t records = 0;
  for (std::size_t i = 0; i < query.devices.size(); ++i) {
    for (const Value& value : (*values)[i]) {
      json.object().key("time_period").text(to_iso8601(value.bucket.from));
      json.key("end").text(to_iso8601(value.bucket.to));
      json.key("device_id").text(plant.device(query.devices[i]).id);
      write_number(json, "value", value.value);
      json.end();
      ++records;
    }
  }
  json.end().key("total_records").integer(records).end().end();
  return json.take();
}

/// The meters that make up the total: one for all where there is one.
std::vector<DeviceId> metered_by(const Plant& plant, const SummaryQuery& query) {
  if (query.of_one_device) return query.devices;
  std::vector<DeviceId> lines;
  for (const DeviceId device : query.devices)
    if (plant.device(device).type == "line") lines.push_back(device);
  return lines.size() == 1 ? lines : query.devices;
}

/// Nothing when no part of it is known.
Result<std::optional<double>> total_kwh(TotalsReader& reader, const std::vector<DeviceId>& meters,
                                        const TimeRange& range) {
  const auto totals = reader.energy(meters, range);
  if (!totals) return std::unexpected(totals.error());
  std::int64_t milli_wh = 0;
  for (const EnergyTotal& total : *totals) milli_wh += total.milli_wh;
  if (std::ranges::none_of(*totals, &EnergyTotal::known)) return std::nullopt;
  return kwh(milli_wh);
}

void write_comparison(JsonWriter& json, std::string_view key, const std::optional<double>& current,
                      const std::optional<double>& previous) {
  json.key(key).object();
  write_number(json, "current", current);
  write_number(json, "previous", previous);
  const bool comparable = current && previous && *previous > 0;
  write_number(json, "change_percentage",
               comparable ? std::optional((*current - *previous) / *previous * 100) : std::nullopt);
  json.end();
}

Result<void> write_devices(JsonWriter& json, TotalsReader& reader, const Plant& plant,
                           const SummaryQuery& query) {
  const auto energy = reader.energy(query.devices, query.range);
  if (!energy) return std::unexpected(energy.error());
  json.key("devices").array();
  for (std::size_t i = 0; i < query.devices.size(); ++i) {
    PowerTotal power;
    if (const auto point = power_point(plant, query.devices[i])) {
      const auto read = reader.power({*point}, query.range);
      if (!read) return std::unexpected(read.error());
      power = read->front();
    }
    const EnergyTotal& total = (*energy)[i];
    json.object().key("device_id").text(plant.device(query.devices[i]).id);
    write_number(json, "total_energy_kwh",
                 total.known() ? std::optional(kwh(total.milli_wh)) : std::nullopt);
    write_number(json, "avg_power_kw", power.mean);
    write_number(json, "max_power_kw", power.max);
    write_number(json, "min_power_kw", power.min);
    json.key("record_count").integer(static_cast<std::int64_t>(power.count));
    json.key("coverage").number(total.coverage).end();
  }
  json.end();
  return {};
}

Result<void> write_trend(JsonWriter& json, storage::Store& store, const Plant& plant,
                         const SummaryQuery& query) {
  SummaryQuery trend = query;
  trend.interval = ledger_interval(query.range, max_buckets);
  const auto values = energies(store, trend);
  if (!values) return std::unexpected(values.error());
  json.key("trend_interval").text(word_of(*trend.interval));
  json.key("trend_unit").text("kWh").key("trend").array();
  for (std::size_t i = 0; i < values->front().size(); ++i) {
    json.object().key("timestamp").text(to_iso8601(values->front()[i].bucket.from));
    for (std::size_t d = 0; d < query.devices.size(); ++d)
      write_number(json, plant.device(query.devices[d]).id, (*values)[d][i].value);
    json.end();
  }
  json.end();
  return {};
}

Result<std::string> overview(storage::Store& store, const Plant& plant, const SummaryQuery& query) {
  TotalsReader reader(store);
  const std::vector<DeviceId> meters = metered_by(plant, query);
  const TimeRange earlier{query.range.from - query.range.length(), query.range.from};
  const auto total = total_kwh(reader, meters, query.range);
  if (!total) return std::unexpected(total.error());
  const auto before = total_kwh(reader, meters, earlier);
  if (!before) return std::unexpected(before.error());
  const auto last_year = total_kwh(reader, meters, a_year_before(query.range));
  if (!last_year) return std::unexpected(last_year.error());

  JsonWriter json;
  json.object().key("success").boolean(true).key("summary").object();
  json.key("time_range").object().key("start_time").text(to_iso8601(query.range.from));
  json.key("end_time").text(to_iso8601(query.range.to)).end();
  write_number(json, "total_energy_kwh", *total);
  if (const auto written = write_devices(json, reader, plant, query); !written)
    return std::unexpected(written.error());
  json.key("trends").object();
  write_comparison(json, "period_over_period", *total, *before);
  write_comparison(json, "year_over_year", *total, *last_year);
  json.end().end();
  if (const auto written = write_trend(json, store, plant, query); !written)
    return std::unexpected(written.error());
  json.end();
  return json.take();
}

}  // namespace

std::expected<SummaryQuery, Problem> parse_summary_query(const std::string& query,
                                                         const Plant& plant, Timestamp now) {
  SummaryQuery asked;
  const auto range = range_parameters(query, now, default_span);
  if (!range) return std::unexpected(range.error());
  asked.range = whole_quarters(*range);
  auto devices = devices_parameter(query, plant);
  if (!devices) return std::unexpected(devices.error());
  asked.devices = std::move(*devices);
  asked.of_one_device = asked.devices.size() == 1;
  const auto aggregate = word_parameter<Aggregate>(query, "aggregate", Aggregate::sum, aggregates);
  if (!aggregate) return std::unexpected(aggregate.error());
  asked.aggregate = *aggregate;
  const auto interval = word_parameter<OptionalInterval>(query, "interval", {}, intervals);
  if (!interval) return std::unexpected(interval.error());
  asked.interval = *interval;
  if (asked.interval && least_buckets(*asked.interval, asked.range) > max_buckets)
    return std::unexpected(too_many_buckets(*asked.interval));
  return asked;
}

Result<std::string> summary_body(storage::Store& store, const Plant& plant,
                                 const SummaryQuery& query) {
  return query.interval ? by_interval(store, plant, query) : overview(store, plant, query);
}

}  // namespace wl::web
