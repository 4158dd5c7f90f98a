// first_difference(): everything that is stored against everything that must be.
#include <fmt/format.h>

#include "storage/historian/facts.hpp"
#include "storage/historian/rollup_reader.hpp"
#include "storage/historian/testing/plain_history.hpp"
#include "storage/sqlite/testing/crash_story.hpp"

namespace wl::storage {
namespace {

constexpr Milliseconds one_day = std::chrono::hours{24};

/// An error becomes an exception: the power went meanwhile, or it is told as it is.
template <class T>
T value_of(Result<T> result) {
  if (!result) throw DatabaseError(result.error());
  return std::move(*result);
}

class Oracle {
 public:
  Oracle(const CrashStory& story, std::size_t batches, Historian& historian, Tables& tables)
      : story_(story), expected_(story.expected[batches]), historian_(historian), tables_(tables) {
    if (batches > 0) {
      from_ = hour_of(story.batches.front().intervals.front().from) - one_day;
      to_ = hour_of(expected_.newest) + one_day;
    }
  }

  std::string compare() {
    for (const std::string& fault : tables_.integrity()) return fault;
    for (const NamedRow& row : tables_.points()) rows_[row.key] = PointRow{row.row};
    for (std::uint32_t index = 0; index < expected_.points.size(); ++index) {
      const auto& point = expected_.points[index];
      std::string found = compare_raw(PointId{index}, point);
      if (found.empty()) found = compare_rollups(point);
      if (!found.empty()) return fmt::format("{}: {}", point.key, found);
    }
    std::string found = compare_latest();
    if (found.empty()) found = compare_energy();
    if (found.empty()) found = compare_events();
    if (found.empty()) found = compare_alarms();
    if (!found.empty()) return found;
    const std::string state = value_of(historian_.ledger_state());
    return state == expected_.ledger_state ? "" : "ledger state is " + state;
  }

 private:
  /// Whole hours that retention removed may be there still; nothing else may differ.
  std::string compare_raw(PointId point, const CrashExpected::Point& expected) {
    const RawAnswer answer = value_of(historian_.read_raw({{point}, from_, to_}));
    const auto removed = facts::read_time(tables_, facts::raw_removed_before);
    if (removed && *removed > hour_of(expected_.newest - *story_.rules.raw)) {
      return "raw samples are removed too early";
    }
    const auto& found = answer.series[0].samples;
    auto next = found.begin();
    for (const Sample& one : expected.samples) {
      if (next != found.end() && same_sample(*next, one)) {
        ++next;
      } else if (!removed || one.source_time >= *removed) {
        return "a raw sample is missing or another: " + to_iso8601(one.source_time);
      }
    }
    return next == found.end() ? "" : "a raw sample nobody wrote: " + to_iso8601(next->source_time);
  }

  std::string compare_rollups(const CrashExpected::Point& expected) {
    const auto row = rows_.find(expected.key);
    if (row == rows_.end()) return expected.samples.empty() ? "" : "the point is not registered";
    const OpenBuckets open = read_open(tables_, row->second);
    for (const Tier tier : all_tiers) {
      const bool for_ever = tier != Tier::minute;
      const Timestamp from = for_ever ? from_ : hour_of(expected_.newest - story_.rules.minutes);
      std::vector<Bucket> wanted = expected.buckets.at(tier);
      std::erase_if(wanted, [&](const Bucket& bucket) { return bucket.start < from; });
      const auto found = read_buckets(tables_, open, row->second, tier, from, to_).buckets;
      if (found == wanted) continue;
      const auto [f, w] = std::ranges::mismatch(found, wanted);
      const auto& first = f != found.end() ? *f : *w;
      return fmt::format("rollup of {} min at {}", bucket_length(tier).count() / 60'000,
                         to_iso8601(first.start));
    }
    return "";
  }

  std::string compare_latest() {
    std::vector<Sample> wanted;
    for (const auto& point : expected_.points) {
      if (!point.samples.empty()) wanted.push_back(point.samples.back());
    }
    const auto found = value_of(historian_.latest());
    return std::ranges::equal(found, wanted, same_sample) ? "" : "latest values differ";
  }

  /// As the packed days tell it, and as the rows do.
  std::string compare_energy() {
    if (expected_.energy.empty()) return "";
    const EnergyQuery query{.devices = {DeviceId{0}, DeviceId{1}},
                            .from = from_,
                            .to = to_,
                            .interval = Interval::quarter};
    std::size_t rows = 0;
    for (const EnergySeries& series : value_of(historian_.energy(query))) {
      for (const EnergySum& sum : series.buckets) {
        const auto wanted = expected_.energy.find({series.device.value, sum.from});
        const bool none = wanted == expected_.energy.end();
        if (none ? sum.coverage != 0 || sum.milli_wh != 0 : !same(sum, wanted->second)) {
          return "energy at " + to_iso8601(sum.from);
        }
      }
    }
    for (const NamedRow& device : tables_.devices()) {
      rows += tables_.energy(DeviceRow{device.row}, from_, to_).size();
    }
    return rows == expected_.energy.size() ? "" : fmt::format("{} rows of the ledger", rows);
  }

  static bool same(const EnergySum& sum, const EnergyBucket& bucket) {
    return sum.milli_wh == bucket.milli_wh && sum.method == bucket.method &&
           sum.coverage == bucket.coverage() && sum.uncertain == bucket.uncertain;
  }

  std::string compare_events() {
    const auto found = value_of(historian_.meter_events(from_, to_, 1000));
    return found == expected_.events ? "" : fmt::format("{} meter events", found.size());
  }

  std::string compare_alarms() {
    std::map<std::uint64_t, AlarmRow> alarms;
    for (AlarmRow& row : tables_.alarms().alarms({.filter = {}, .offset = 0, .limit = 1000}))
      alarms[row.id] = std::move(row);
    if (alarms != expected_.alarms) return fmt::format("{} alarms, or others", alarms.size());
    for (const auto& [id, row] : alarms) {
      std::vector<AlarmJournalRow> wanted = expected_.journal;
      std::erase_if(wanted, [&](const AlarmJournalRow& line) { return line.alarm_id != id; });
      if (tables_.alarms().journal(id, 1000) != wanted)
        return fmt::format("journal of alarm {}", id);
    }
    return "";
  }

  const CrashStory& story_;
  const CrashExpected& expected_;
  Historian& historian_;
  Tables& tables_;
  std::map<std::string, PointRow> rows_;
  Timestamp from_{};
  Timestamp to_{one_day};
};

}  // namespace

std::string first_difference(const CrashStory& story, std::size_t batches, Historian& historian,
                             Tables& tables) {
  return Oracle(story, batches, historian, tables).compare();
}

}  // namespace wl::storage
