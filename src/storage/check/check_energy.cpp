// The energy ledger: its packed days, and its sum against the counter.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "storage/check/findings.hpp"
#include "storage/historian/energy_day.hpp"
#include "storage/historian/rollup_reader.hpp"
#include "storage/historian/transaction.hpp"

namespace wl::storage::check {
namespace {

constexpr Milliseconds quarter = energy_bucket_length;
constexpr std::size_t most_events = 100'000;
/// A meter's reading may dip by its resolution at the end (MeterSpec::resolution_kwh).
constexpr std::int64_t resolution_milli_wh = 100'000;
const Timestamp first_time{-Milliseconds{std::int64_t{1} << 60}};
const Timestamp last_time{Milliseconds{std::int64_t{1} << 60}};

EnergyQuarter quarter_of(const EnergyRow& row) {
  return {.milli_wh = row.milli_wh,
          .method = row.method,
          .covered_ms = row.covered_ms,
          .uncertain = row.uncertain};
}

/// Adds the day's rows to `sum`; a fault where day and rows differ.
void check_day(Tables& tables, const EnergyDayRow& row, const std::string& device,
               std::int64_t& sum, Findings& findings) {
  ++findings.report.energy_days;
  const auto day = decode_energy_day(row.body);
  const std::string place = fmt::format("energy of {} on {}", device, to_iso8601(row.day));
  if (!day) return findings.fault(fmt::format("{}: {}", place, day.error().what));
  EnergyDay rows{};
  for (const EnergyRow& entry : tables.energy(row.device, row.day, row.day + one_day)) {
    sum += entry.milli_wh;
    rows[static_cast<std::size_t>((entry.start - row.day) / quarter)] = quarter_of(entry);
  }
  if (rows == *day) return;
  std::size_t at = 0;
  while (at < rows.size() && rows[at] == (*day)[at]) ++at;
  findings.fault(fmt::format("{}: the packed day differs from the ledger's row of {}", place,
                             to_iso8601(row.day + quarter * at)));
}

struct Reading {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

std::int64_t milli_wh(double kwh) {
  return std::llround(kwh * 1e6);
}

/// First and last usable reading of a counter, by its hour rollups, which stay for ever.
std::optional<Reading> reading_of(Tables& tables, PointRow row) {
  const auto range =
      read_buckets(tables, read_open(tables, row), row, Tier::hour,
                   bucket_start(Tier::hour, first_time), bucket_start(Tier::hour, last_time));
  std::optional<Reading> reading;
  for (const Bucket& bucket : range.buckets) {
    if (bucket.usable == 0) continue;
    if (!reading) reading = Reading{milli_wh(bucket.first), 0};
    reading->last = milli_wh(bucket.last);
  }
  return reading;
}

/// What the events say that the counter's difference does not.
struct Explained {
  std::int64_t milli_wh = 0;
  bool rolled_over = false;  ///< By a modulus that is not stored.
  bool held = false;         ///< A reading waits for its confirmation.
  int events = 0;
};

Explained explanation_of(std::span<const EventRow> events, DeviceRow device) {
  using Id = std::tuple<Timestamp, MeterEventKind, std::uint32_t>;
  std::set<Id> withdrawn;
  for (const EventRow& event : events) {
    if (event.device == device && event.kind == MeterEventKind::withdrawn)
      withdrawn.insert({event.at, event.voided, event.revision});
  }
  Explained explained;
  for (const EventRow& event : events) {
    if (event.device != device) continue;
    if (withdrawn.contains({event.at, event.kind, event.revision})) continue;
    ++explained.events;
    switch (event.kind) {
      case MeterEventKind::reset:  // `after` was counted.
        explained.milli_wh += event.before;
        break;
      case MeterEventKind::swap:
      case MeterEventKind::jump:  // Nothing was counted.
        explained.milli_wh += event.before - event.after;
        break;
      case MeterEventKind::rollover:
        explained.rolled_over = true;
        break;
      case MeterEventKind::held:
        explained.held = true;
        break;
      default:
        --explained.events;
    }
  }
  return explained;
}

void reconcile(const std::string& device, std::int64_t sum, const Reading& reading,
               const Explained& explained, Findings& findings) {
  const std::int64_t counter = reading.last - reading.first;
  const std::int64_t open = sum - counter - explained.milli_wh;
  const std::string figures =
      fmt::format("energy of {}: the ledger has {:.6f} kWh, the counter rose by {:.6f} kWh", device,
                  static_cast<double>(sum) / 1e6, static_cast<double>(counter) / 1e6);
  if (open == 0) {
    if (explained.milli_wh != 0) {
      findings.note(
          fmt::format("{}; {} meter events explain the difference", figures, explained.events));
    }
    return;
  }
  if (explained.rolled_over) return findings.note(figures + "; the counter rolled over");
  if (std::abs(open) <= resolution_milli_wh) {
    return findings.note(figures + "; less than the resolution of a meter");
  }
  if (explained.held) {
    return findings.note(figures + "; a reading waits for its confirmation");
  }
  findings.fault(
      fmt::format("{}; {:.6f} kWh are not explained", figures, static_cast<double>(open) / 1e6));
}

void check_device(Tables& tables, const NamedRow& device, std::optional<PointRow> counter,
                  std::span<const EventRow> events, Findings& findings) {
  findings.doing("checking the energy ledger of " + device.key);
  Transaction one_moment(tables, Access::read);
  const DeviceRow row{device.row};
  std::int64_t sum = 0;
  const auto days = tables.energy_days(row, first_time, last_time);
  for (const EnergyDayRow& day : days) check_day(tables, day, device.key, sum, findings);
  const auto reading = counter ? reading_of(tables, *counter) : std::nullopt;
  if (!reading) return;
  if (days.empty()) {
    findings.note(
        fmt::format("energy of {}: it has a counter and no ledger; `wattline db "
                    "rebuild-energy` computes one",
                    device.key));
    return;
  }
  reconcile(device.key, sum, *reading, explanation_of(events, row), findings);
}

}  // namespace

void check_energy(Tables& tables, const Plant& plant, Findings& findings) {
  std::map<std::string, PointRow> counters;
  for (const NamedRow& point : tables.points()) {
    const auto known = plant.find_point(point.key);
    if (!known || plant.point(*known).name != "energy_kwh") continue;
    counters[plant.device(plant.point(*known).device).id] = PointRow{point.row};
  }
  const auto events = tables.events(first_time, last_time, most_events);
  for (const NamedRow& device : tables.devices()) {
    const auto counter = counters.find(device.key);
    check_device(tables, device,
                 counter == counters.end() ? std::nullopt : std::optional(counter->second), events,
                 findings);
  }
}

}  // namespace wl::storage::check
