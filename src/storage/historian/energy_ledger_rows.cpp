#include "storage/historian/energy_ledger_rows.hpp"

#include <algorithm>
#include <map>

#include "storage/historian/energy_day.hpp"
#include "storage/historian/stored_bytes.hpp"

namespace wl::storage {
namespace {

Timestamp day_of(Timestamp at) {
  return floor_to(at, one_day);
}

EnergyDay decode(const EnergyDayRow& row) {
  return or_throw(decode_energy_day(row.body),
                  {"energy day", Owner::device, row.device.value, row.day});
}

std::size_t quarter_index(Timestamp day, Timestamp start) {
  return static_cast<std::size_t>((start - day) / energy_bucket_length);
}

void put_days(Tables& tables, std::span<const EnergyRow> rows) {
  std::map<std::pair<DeviceRow, Timestamp>, EnergyDay> days;
  for (const EnergyRow& row : rows) {
    const Timestamp day = day_of(row.start);
    const auto [known, is_new] = days.try_emplace({row.device, day});
    if (is_new) {
      const auto stored = tables.energy_days(row.device, day, day + one_day);
      if (!stored.empty()) known->second = decode(stored.front());
    }
    known->second[quarter_index(day, row.start)] =
        EnergyQuarter{row.milli_wh, row.method, row.covered_ms, row.uncertain};
  }
  std::vector<EnergyDayRow> packed;
  for (const auto& [key, day] : days)
    packed.push_back({key.first, key.second, encode_energy_day(day)});
  tables.put_energy_days(packed);
}

void add(EnergySum& sum, std::int64_t& covered_ms, const EnergyQuarter& quarter) {
  sum.milli_wh += quarter.milli_wh;
  sum.method = std::max(sum.method, quarter.method);  // Numbered from the strongest on.
  sum.uncertain = sum.uncertain || quarter.uncertain;
  covered_ms += quarter.covered_ms;
}

}  // namespace

void put_ledger(Tables& tables, Names& names, const LedgerEntries& entries) {
  std::vector<EnergyRow> rows;
  for (const EnergyBucket& bucket : entries.buckets) {
    rows.push_back({.device = names.make(bucket.device),
                    .start = floor_to(bucket.start, energy_bucket_length),
                    .milli_wh = bucket.milli_wh,
                    .method = bucket.method,
                    .covered_ms = bucket.covered_ms,
                    .uncertain = bucket.uncertain});
  }
  std::vector<EventRow> events;
  for (const MeterEvent& event : entries.events) {
    events.push_back({.device = names.make(event.device),
                      .kind = event.kind,
                      .at = event.at,
                      .before = event.before,
                      .after = event.after,
                      .revision = event.revision,
                      .voided = event.voided});
  }
  if (!rows.empty()) {
    tables.put_energy(rows);
    put_days(tables, rows);
  }
  if (!events.empty()) tables.put_events(events);
}

std::vector<EnergySum> no_energy(std::span<const Timestamp> edges) {
  std::vector<EnergySum> sums;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    sums.push_back({.from = edges[i], .to = edges[i + 1]});
  return sums;
}

std::vector<EnergySum> sum_energy(Tables& tables, DeviceRow device,
                                  std::span<const Timestamp> edges) {
  std::vector<EnergySum> sums = no_energy(edges);
  if (sums.empty()) return sums;
  std::vector<std::int64_t> covered_ms(sums.size(), 0);
  std::size_t at = 0;
  for (const EnergyDayRow& row : tables.energy_days(device, day_of(edges.front()), edges.back())) {
    const EnergyDay day = decode(row);
    Timestamp start = row.day;
    for (const auto& quarter : day) {
      while (at < sums.size() && sums[at].to <= start) ++at;
      if (at == sums.size()) break;
      if (quarter && start >= sums[at].from) add(sums[at], covered_ms[at], *quarter);
      start += energy_bucket_length;
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto length = static_cast<double>((sums[i].to - sums[i].from).count());
    sums[i].coverage = static_cast<double>(covered_ms[i]) / length;
  }
  return sums;
}

}  // namespace wl::storage
