#include "figures.hpp"
#include "line_feed.hpp"
#include "parts.hpp"
#include "virtual_collector.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds step{100};
/// The PLCs of several lines do not scan at the same moment.
constexpr Milliseconds apart{13};

/// `plant` so many times; `l0-conveyor.power_kw`, `l1-conveyor.power_kw` …
Plant many(const Plant& plant, int lines) {
  Plant all = plant;
  all.devices.clear();
  all.points.clear();
  all.oee.reset();
  for (int line = 0; line < lines; ++line) {
    const auto devices = static_cast<std::uint32_t>(all.devices.size());
    for (DeviceSpec device : plant.devices) {
      device.id = fmt::format("l{}-{}", line, device.id);
      all.devices.push_back(std::move(device));
    }
    for (PointSpec point : plant.points) {
      point.key = fmt::format("l{}-{}", line, point.key);
      point.device.value += devices;
      all.points.push_back(std::move(point));
    }
  }
  return all;
}

std::vector<collector::PointChange> of_all_lines(const std::vector<collector::PointChange>& changes,
                                                 std::uint32_t points, int lines) {
  std::vector<collector::PointChange> all;
  all.reserve(changes.size() * static_cast<std::size_t>(lines));
  for (int line = 0; line < lines; ++line) {
    for (collector::PointChange change : changes) {
      change.point.value += static_cast<std::uint32_t>(line) * points;
      change.value.source_time += line * apart;
      all.push_back(std::move(change));
    }
  }
  return all;
}

void tell(int lines, double hours, const VirtualCollector& path) {
  const auto samples = static_cast<double>(path.stats().samples_accepted);
  const collector::ForwardFigures forward = path.forward();
  Figure("outage")
      .add("lines", lines)
      .add("hours", hours)
      .add("samples", samples)
      .add("samples_per_second", samples / hours / 3600)
      .add("spool_bytes", static_cast<double>(forward.spool_bytes))
      .add("capacity_bytes", static_cast<double>(forward.spool_capacity))
      .add("bytes_a_sample", static_cast<double>(forward.spool_bytes) / samples)
      .add("records_lost", static_cast<double>(forward.records_lost));
}

}  // namespace

void measure_outage(const std::filesystem::path& folder, const OutageOptions& options) {
  const Plant line = read_plant(options.feed.config);
  const Plant plant = many(line, options.lines);
  const auto points = static_cast<std::uint32_t>(line.points.size());
  LineFeed feed(line, options.feed.config, options.feed.input);
  Timestamp now = feed.first();
  collector::DayCounters days = day_counters(plant);
  collector::CoreOptions core;
  core.live = false;
  core.days = &days;
  VirtualCollector path(plant, {.folder = folder, .start = now, .core = core, .synced = false});
  const Milliseconds behind = (options.lines - 1) * apart;
  while (!feed.ended()) {
    now += step;
    auto changes = of_all_lines(feed.up_to(now), points, options.lines);
    if (!changes.empty()) path.deliver(std::move(changes), now + behind);
    path.turn(now + behind);
  }
  path.finish(now + behind + step);
  tell(options.lines, std::chrono::duration<double, std::ratio<3600>>(now - feed.first()).count(),
       path);
}

}  // namespace wl::bench
