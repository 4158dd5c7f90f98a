#include "tests/sim/claims.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace wl::sim {
namespace {

using std::chrono::seconds;

/// A sample that was on its way when the link died is older than the last proof of life by what
/// publishing and a slow link take.
Milliseconds on_the_way(const Pace& pace) {
  return pace.publishing + Milliseconds{2500};
}
/// A crash takes back what was not on the disk: up to a proof's interval and a slow sync; and a
/// value that was lost in a queue leaves a gap from the value before it.
Milliseconds before_outage(const Pace& pace) {
  return pace.proof + pace.slow_scan + Milliseconds{5000};
}
/// Until it is noticed that all is well again: backoff, time-outs, the first answers on a slow
/// link.
constexpr Milliseconds after_outage = seconds(30);

/// How often each serial is stored.
std::map<std::int64_t, int> count_serials(const History& history) {
  std::map<std::int64_t, int> counts;
  for (const Sample& sample : history.samples[serial_point.value])
    if (!sample.quality.is_bad()) ++counts[std::llround(sample.value)];
  return counts;
}

std::string scan_words(const Truth::Scan& scan) {
  return fmt::format("scan {} of boot {} at {}", scan.serial % 1'000'000, scan.serial / 1'000'000,
                     to_iso8601(scan.at));
}

void check_nothing_invented(World& world, const History& history) {
  for (std::uint32_t point = 0; point < points; ++point) {
    const auto& truth = world.truth.values(PointId{point});
    for (const Sample& sample : history.samples[point]) {
      if (!sample.quality.is_good() || world.truth.clock_was_set(sample.source_time)) continue;
      const auto real = truth.find(sample.source_time);
      if (real != truth.end() && real->second == sample.value) continue;
      return world.broke(fmt::format("C1: {} = {} at {} is stored and never was (quality {:#x})",
                                     world.plant.points[point].key, sample.value,
                                     to_iso8601(sample.source_time), sample.quality.status_code));
    }
  }
}

}  // namespace

void check_once(World& world, const History& history, const Observer& observer) {
  const auto counts = count_serials(history);
  for (const Truth::Scan& scan : world.truth.scans()) {
    const auto count = counts.find(scan.serial);
    const bool doubtful = world.truth.clock_was_set(scan.at);
    if (count != counts.end() && count->second > 1 && !doubtful)
      return world.broke(fmt::format("C1: {} is stored {} times", scan_words(scan), count->second));
    if (count != counts.end() || doubtful || !observer.acknowledged().contains(scan.serial))
      continue;
    const LinkInterval* gap = history.gap_in(scan.at, scan.at + on_the_way(world.pace));
    // A record that fills an older gap can be dropped, too: that gap then stands with its own
    // cause.
    const bool may_stand = world.faults.of(Fault::spool_overflow) > 0;
    if (!gap || !(is_dropped(*gap) || may_stand))
      return world.broke(fmt::format("C1: {} was acknowledged and is not stored ({})",
                                     scan_words(scan), gap ? gap->cause : "no gap"));
  }
  check_nothing_invented(world, history);
}

void check_rollups(World& world, const History& history, storage::CollectorStore& store) {
  for (std::uint32_t point = 0; point < points; ++point) {
    const auto& samples = history.samples[point];
    if (samples.empty()) continue;
    auto at = samples.begin();
    const Timestamp last = samples.back().source_time;
    for (Timestamp from = std::chrono::floor<std::chrono::hours>(samples.front().source_time);
         from <= last; from += std::chrono::hours{12}) {
      const auto answer = store.statistics({.points = {PointId{point}},
                                            .from = from,
                                            .to = from + std::chrono::hours{12},
                                            .interval = storage::Interval::minute});
      if (!answer) return world.broke("statistics: " + answer.error().what);
      for (const storage::StatisticsBucket& bucket : answer->series[0].buckets) {
        std::uint64_t count = 0;
        for (; at != samples.end() && at->source_time < bucket.to; ++at) ++count;
        if (bucket.count != count)
          return world.broke(fmt::format("C1: the minute {} of {} counts {} samples, raw has {}",
                                         to_iso8601(bucket.from), world.plant.points[point].key,
                                         bucket.count, count));
      }
    }
  }
}

void check_complete(World& world, const History& history) {
  const auto counts = count_serials(history);
  for (const Truth::Scan& scan : world.truth.scans()) {
    if (counts.contains(scan.serial) || world.truth.clock_was_set(scan.at)) continue;
    const LinkInterval* gap = history.gap_in(scan.at, scan.at + on_the_way(world.pace));
    if (!gap)
      return world.broke(
          fmt::format("C2: {} is neither stored nor in a recorded gap", scan_words(scan)));
    if (gap->cause.empty())
      return world.broke(fmt::format("C2: the gap at {} has no cause", to_iso8601(gap->from)));
  }
}

void check_gaps(World& world, const History& history) {
  for (const LinkInterval& gap : history.intervals) {
    if (gap.alive) continue;
    Timestamp explained = gap.from;
    for (bool grows = true; grows && explained < gap.to;) {
      grows = false;
      for (const Truth::Outage& outage : world.truth.outages()) {
        if (outage.only_extends && explained == gap.from) continue;
        const bool open = outage.to == Timestamp::max();
        const Timestamp to = open ? outage.to : outage.to + after_outage;
        if (outage.from - before_outage(world.pace) > explained || to <= explained) continue;
        explained = to;
        grows = true;
      }
    }
    if (explained < gap.to)
      return world.broke(fmt::format("C3: the gap {} to {} ({}) is no outage from {} on",
                                     to_iso8601(gap.from), to_iso8601(gap.to), gap.cause,
                                     to_iso8601(explained)));
  }
}

void check_energy(World& world, const History& history, storage::CollectorStore& store) {
  const Sample* first = nullptr;
  const Sample* last = nullptr;
  for (const Sample& sample : history.samples[energy_point.value]) {
    if (!sample.quality.is_good()) continue;
    if (last && sample.value < last->value && !world.truth.clock_was_set())
      return world.broke(fmt::format("C4: energy falls to {} at {}", sample.value,
                                     to_iso8601(sample.source_time)));
    if (!first) first = &sample;
    last = &sample;
  }
  if (!first || world.truth.clock_was_set()) return;
  const auto energy = store.energy({.devices = {DeviceId{0}},
                                    .from = first->source_time - std::chrono::hours{2},
                                    .to = last->source_time + std::chrono::hours{2},
                                    .interval = storage::Interval::hour});
  if (!energy) return world.broke("energy: " + energy.error().what);
  std::int64_t sum = 0;
  for (const storage::EnergySum& bucket : energy->front().buckets) {
    if (bucket.milli_wh < 0) return world.broke("C4: a bucket of energy is negative");
    sum += bucket.milli_wh;
  }
  const std::int64_t counted = std::llround((last->value - first->value) * 1e6);
  if (sum != counted)
    world.broke(fmt::format("C4: the ledger has {} mWh, the counter rose by {} mWh", sum, counted));
}

}  // namespace wl::sim
