#include "storage/historian/view_minutes.hpp"

#include <algorithm>
#include <string_view>

#include "storage/historian/block_edits.hpp"
#include "storage/historian/hot_part.hpp"
#include "storage/historian/rollup_reader.hpp"
#include "storage/rollup/compose.hpp"

namespace wl::storage {
namespace {

constexpr Milliseconds one_minute = bucket_length(Tier::minute);
constexpr std::string_view device_points[] = {"power_kw", "energy_kwh", "status"};
constexpr std::string_view production_points[] = {"product_count", "reject_count",
                                                  "runtime_seconds", "downtime_seconds"};

/// The minutes that [from, to) touches, as edges.
std::vector<Timestamp> minutes_touching(Timestamp from, Timestamp to) {
  std::vector<Timestamp> edges{bucket_start(Tier::minute, from)};
  while (edges.back() < to) edges.push_back(edges.back() + one_minute);
  return edges;
}

std::optional<std::string> word_of(const PointSpec& spec, const std::optional<double>& code) {
  if (!code || *code < 0 || *code >= static_cast<double>(spec.words.size())) return std::nullopt;
  return spec.words[static_cast<std::size_t>(*code)];
}

/// What read_buckets would say, when memory goes back far enough.
std::optional<BucketRange> recent_minutes(const WriterMemory::Point& point, Timestamp from,
                                          Timestamp to) {
  if (point.recent.empty() || point.recent.front().start >= from) return std::nullopt;
  const auto first = std::ranges::lower_bound(point.recent, from, {}, &Bucket::start);
  const auto end = std::ranges::lower_bound(point.recent, to, {}, &Bucket::start);
  BucketRange range{.before = *std::prev(first), .buckets = {first, end}};
  const auto& growing = point.open.of_tier[index_of(Tier::minute)];
  if (growing->start < from) {
    range.before = growing;
  } else if (growing->start < to) {
    range.buckets.push_back(*growing);
  }
  return range;
}

/// The first stretch of proven life that ends behind `from`.
std::optional<LinkInterval> next_life(Tables& tables, Timestamp from) {
  auto link = tables.link_at_or_before(from);
  if (!link || link->to <= from) link = tables.link_after(from);
  while (link && !link->alive) link = tables.link_after(link->from);
  return link;
}

}  // namespace

/// Minutes of one stretch, and what is needed to fill them.
struct ViewMinutes::Range {
  Tables& tables;
  const Names& names;
  WriterMemory& memory;
  std::vector<Timestamp> edges;
  AliveTimeline alive;

  Range(Tables& rows, const Names& known, WriterMemory& kept, std::vector<Timestamp> minutes)
      : tables(rows), names(known), memory(kept), edges(std::move(minutes)) {
    alive = AliveTimeline(tables.links(edges.front(), edges.back()));
  }

  std::size_t minutes() const { return edges.size() - 1; }

  /// Empty when the point has no sample.
  std::vector<StatisticsBucket> of(const std::optional<PointId>& point) const {
    const auto row = point ? names.find(*point) : std::nullopt;
    if (!row) return {};
    const WriterMemory::Point& known = memory.of(*row);
    auto range = recent_minutes(known, edges.front(), edges.back());
    if (!range)
      range = read_buckets(tables, known.open, *row, Tier::minute, edges.front(), edges.back());
    return compose(edges, range->before, range->buckets, alive);
  }

  bool lived(std::size_t minute) const {
    return alive.alive_ms(edges[minute], edges[minute + 1]) > 0;
  }
};

ViewMinutes::ViewMinutes(const Plant& plant) : plant_(plant) {
  for (std::uint32_t i = 0; i < plant.devices.size(); ++i) devices_.push_back({DeviceId{i}, {}});
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    const PointSpec& spec = plant.points[i];
    const auto of_device = std::ranges::find(device_points, spec.name);
    const auto of_plant = std::ranges::find(production_points, spec.name);
    auto place = std::size_t{0};
    if (of_device != std::end(device_points)) {
      place = static_cast<std::size_t>(of_device - std::begin(device_points));
      devices_[spec.device.value].points[place] = PointId{i};
      shown_.insert(PointId{i});
    } else if (of_plant != std::end(production_points)) {
      place = static_cast<std::size_t>(of_plant - std::begin(production_points));
      if (production_[place]) continue;
      production_[place] = PointId{i};
      shown_.insert(PointId{i});
    }
  }
  std::erase_if(devices_, [](const Device& device) {
    return std::ranges::none_of(device.points, [](const auto& point) { return point.has_value(); });
  });
}

void ViewMinutes::advance(Tables& tables, const Names& names, WriterMemory& memory, Timestamp start,
                          Timestamp until) {
  Timestamp from = memory.minutes_until.value_or(bucket_start(Tier::minute, start));
  const Timestamp to = bucket_start(Tier::minute, until);
  if (from >= to) return;
  int left = max_minutes;
  while (from < to && left > 0) {
    const auto life = next_life(tables, from);
    if (!life || life->from >= to) {
      from = to;
      break;
    }
    const Timestamp begin = std::max(from, bucket_start(Tier::minute, life->from));
    const Timestamp end = std::min({to, life->to, begin + one_minute * left});
    const Range range(tables, names, memory, minutes_touching(begin, end));
    for (const Device& device : devices_) write_device(device, range);
    write_production(range);
    left -= static_cast<int>(range.minutes());
    from = range.edges.back();
  }
  memory.minutes_until = from;
  facts::put_time(tables, facts::minutes_until, from);
}

void ViewMinutes::renew(Tables& tables, const Names& names, WriterMemory& memory, Timestamp hour,
                        const std::set<PointId>& points) {
  const Timestamp end = std::min(hour + one_hour, memory.minutes_until.value_or(hour));
  if (hour >= end) return;
  const Range range(tables, names, memory, minutes_touching(hour, end));
  const auto changed = [&](const std::optional<PointId>& point) {
    return point && points.contains(*point);
  };
  for (const Device& device : devices_) {
    if (std::ranges::any_of(device.points, changed)) write_device(device, range);
  }
  if (std::ranges::any_of(production_, changed)) write_production(range);
}

void ViewMinutes::write_device(const Device& device, const Range& range) const {
  const auto row = range.names.find(device.id);
  if (!row) return;
  const auto power = range.of(device.points[0]);
  const auto energy = range.of(device.points[1]);
  const auto status = range.of(device.points[2]);
  std::vector<DeviceMinute> rows;
  for (std::size_t i = 0; i < range.minutes(); ++i) {
    if (!range.lived(i)) continue;
    DeviceMinute minute;
    minute.device = *row;
    minute.minute = range.edges[i];
    if (!power.empty()) minute.power_kw = power[i].mean;
    if (!energy.empty()) minute.energy_kwh = energy[i].last;
    if (!status.empty()) minute.status = word_of(plant_.point(*device.points[2]), status[i].last);
    if (minute.power_kw || minute.energy_kwh || minute.status) rows.push_back(std::move(minute));
  }
  if (!rows.empty()) range.tables.put_device_minutes(rows);
}

void ViewMinutes::write_production(const Range& range) const {
  std::array<std::vector<StatisticsBucket>, 4> columns;
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = range.of(production_[i]);
  const auto last = [&](std::size_t column, std::size_t minute) {
    return columns[column].empty() ? std::nullopt : columns[column][minute].last;
  };
  std::vector<ProductionMinute> rows;
  for (std::size_t i = 0; i < range.minutes(); ++i) {
    const ProductionMinute minute{.minute = range.edges[i],
                                  .product_count = last(0, i),
                                  .reject_count = last(1, i),
                                  .runtime_seconds = last(2, i),
                                  .downtime_seconds = last(3, i)};
    const bool known = minute.product_count || minute.reject_count || minute.runtime_seconds ||
                       minute.downtime_seconds;
    if (known && range.lived(i)) rows.push_back(minute);
  }
  if (!rows.empty()) range.tables.put_production_minutes(rows);
}

}  // namespace wl::storage
