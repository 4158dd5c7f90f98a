// For tests: a ledger with one meter, and a store that takes its entries as a database would.
#pragma once

#include <algorithm>
#include <map>
#include <tuple>

#include "collector/ledger/ledger.hpp"

namespace wl::collector::ledger {

inline constexpr PointId meter_point{0};
inline constexpr Timestamp noon =
    Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::hours{12};

/// `minutes` after noon, a bucket edge.
inline Timestamp minute(double minutes) {
  return noon + Milliseconds{static_cast<std::int64_t>(minutes * 60'000)};
}

inline MeterSpec counter_of_12_kw() {
  MeterSpec spec;
  spec.key = "press";
  spec.point = meter_point;
  spec.max_power_kw = 12;
  return spec;
}
inline MeterSpec power_up_to_12_kw() {
  MeterSpec spec = counter_of_12_kw();
  spec.source = Source::power;
  return spec;
}

inline Sample reads(double minutes, double value, Quality quality = quality::good) {
  return {meter_point, value, quality, minute(minutes)};
}
inline LinkInterval lives(double from, double to) {
  return {minute(from), minute(to), true, ""};
}

/// Absolute buckets by start, events by identity.
struct TestStore {
  std::map<Timestamp, BucketEntry> buckets;
  std::map<std::tuple<Timestamp, EventKind, std::uint32_t>, LedgerEvent> events;

  void write(const LedgerEntries& entries) {
    for (const BucketEntry& bucket : entries.buckets) buckets[bucket.start] = bucket;
    for (const LedgerEvent& event : entries.events)
      events[{event.at, event.kind, event.revision}] = event;
  }
  std::int64_t sum() const {
    std::int64_t all = 0;
    for (const auto& [start, bucket] : buckets) all += bucket.milli_wh;
    return all;
  }
  double kwh() const { return static_cast<double>(sum()) / 1e6; }
  double kwh_at(double minutes) const {
    return static_cast<double>(buckets.at(minute(minutes)).milli_wh) / 1e6;
  }
  const BucketEntry& at(double minutes) const { return buckets.at(minute(minutes)); }
  std::vector<EventKind> kinds() const {
    std::vector<EventKind> all;
    for (const auto& [id, event] : events) all.push_back(event.kind);
    return all;
  }
  /// Kinds of the events that were withdrawn.
  std::vector<EventKind> voided() const {
    std::vector<EventKind> all;
    for (const auto& [id, event] : events)
      if (event.kind == EventKind::withdrawn) all.push_back(event.voided);
    return all;
  }
  /// What a bucket was corrected to, one after the other.
  std::vector<std::int64_t> corrections(double minutes) const {
    std::vector<std::int64_t> all;
    for (const auto& [id, event] : events)
      if (event.kind == EventKind::corrected && event.at == minute(minutes))
        all.push_back(event.after);
    return all;
  }
  const LedgerEvent& event(EventKind kind) const {
    return std::find_if(events.begin(), events.end(),
                        [&](const auto& entry) { return entry.second.kind == kind; })
        ->second;
  }
};

struct OneMeter {
  explicit OneMeter(MeterSpec wanted = counter_of_12_kw(), LedgerOptions limits = {})
      : spec(std::move(wanted)), options(limits), ledger({spec}, options) {}

  /// A batch; `now` is an hour and more after everything in these tests.
  LedgerEntries feed(std::vector<Sample> samples, std::vector<LinkInterval> intervals = {}) {
    LedgerEntries entries = ledger.on_batch(samples, intervals, minute(100'000));
    store.write(entries);
    return entries;
  }

  MeterSpec spec;
  LedgerOptions options;
  Ledger ledger;
  TestStore store;
};

}  // namespace wl::collector::ledger
