// Chunks, hot parts, and the rollups that were made of them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "storage/check/findings.hpp"
#include "storage/check/repair.hpp"
#include "storage/historian/batch_runs.hpp"
#include "storage/historian/facts.hpp"
#include "storage/historian/hot_minutes.hpp"
#include "storage/historian/hot_part.hpp"
#include "storage/historian/hour_chunk.hpp"
#include "storage/historian/raw_reader.hpp"
#include "storage/historian/rollup_reader.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/historian/transaction.hpp"
#include "storage/rollup/bucket_math.hpp"

namespace wl::storage::check {
namespace {

constexpr std::size_t chunks_a_page = 64;
constexpr std::size_t one_hour_in = 50;
constexpr std::size_t most_hot_hours = 100'000;
const Timestamp last_hour = hour_of(Timestamp{farthest_time});

/// One point: its chunks, then the rollups of some hours.
class PointCheck {
 public:
  PointCheck(Tables& tables, const NamedRow& point, Findings& findings, RollupRepair* repair)
      : tables_(tables), point_(point), row_{point.row}, findings_(findings), repair_(repair) {}

  /// Returns the hours whose rollups should be computed again: every one or one in 50.
  std::vector<Timestamp> chunks(std::size_t one_in) {
    std::vector<Timestamp> hours;
    std::size_t number = point_.row;  // Not the same hours of every point.
    for (Timestamp from{-farthest_time};;) {
      findings_.doing("checking chunks of " + point_.key);
      const auto page = tables_.chunks(row_, from, last_hour, chunks_a_page);
      for (const ChunkRow& chunk : page) {
        if (!check_chunk(chunk)) continue;
        if (++number % one_in == 0) hours.push_back(chunk.hour);
      }
      if (page.size() < chunks_a_page) return hours;
      from = page.back().hour + one_hour;
    }
  }

  void rollups_of(Timestamp hour) {
    Transaction one_moment(tables_, repair_ == nullptr ? Access::read : Access::write);
    const auto removed = facts::read_time(tables_, facts::raw_removed_before);
    if (removed && hour < *removed) return;  // Retention took the samples meanwhile.
    RawReader raw(tables_);
    const auto samples = raw.hour({row_, PointId{0}}, hour);
    const AliveTimeline alive = alive_in(hour);
    auto differences = differences_in(hour, samples, alive);
    ++findings_.report.hours_compared;
    if (repair_ != nullptr && !differences.empty() && !samples.empty()) {
      repair_->renew_hour(row_, hour, samples, alive);
      if (differences_in(hour, samples, alive).empty()) {
        one_moment.commit();
        for (std::string& line : differences) findings_.repaired(std::move(line));
        return;
      }
    }
    for (std::string& line : differences) findings_.fault(std::move(line));
  }

 private:
  std::string place(Timestamp hour) const {
    return fmt::format("{} at {}", point_.key, to_iso8601(hour));
  }

  /// False when it does not decode.
  bool check_chunk(const ChunkRow& chunk) {
    ++findings_.report.chunks;
    const auto samples = decode_hour(chunk.body, PointId{0});
    if (!samples) {
      findings_.fault(fmt::format("chunk of {}: {}", place(chunk.hour), samples.error().what));
      return false;
    }
    findings_.report.samples += samples->size();
    const bool aligned = hour_of(chunk.hour) == chunk.hour;
    const bool inside = hour_of(samples->front().source_time) == chunk.hour &&
                        hour_of(samples->back().source_time) == chunk.hour;
    if (!aligned || !inside) {
      findings_.fault(fmt::format("chunk of {}: it holds samples from {} to {}", place(chunk.hour),
                                  to_iso8601(samples->front().source_time),
                                  to_iso8601(samples->back().source_time)));
    }
    return true;
  }

  AliveTimeline alive_in(Timestamp hour) {
    std::vector<LinkInterval> alive = tables_.links(hour, hour + one_hour);
    std::erase_if(alive, [](const LinkInterval& interval) { return !interval.alive; });
    return AliveTimeline(alive);
  }

  /// One line a tier at most.
  std::vector<std::string> differences_in(Timestamp hour, std::span<const Sample> samples,
                                          const AliveTimeline& alive) {
    const auto extent = facts::read_extent(tables_);
    const OpenBuckets open = read_open(tables_, row_);
    std::vector<std::string> found;
    for (const Tier tier : all_tiers) {
      // Retention removes minutes also where raw samples are kept for longer.
      const bool kept = tier != Tier::minute || !extent ||
                        hour >= hour_of(extent->second - RetentionRules{}.minutes) + one_hour;
      if (!kept) continue;
      compare(tier, hour, build_buckets(tier, samples, alive),
              read_buckets(tables_, open, row_, tier, hour, hour + one_hour).buckets, found);
    }
    return found;
  }

  void compare(Tier tier, Timestamp hour, const std::vector<Bucket>& wanted,
               const std::vector<Bucket>& stored, std::vector<std::string>& found) {
    if (wanted == stored) return;
    const auto [w, s] = std::ranges::mismatch(wanted, stored);
    const Timestamp at = w != wanted.end() ? w->start : s != stored.end() ? s->start : hour;
    const std::string what = w == wanted.end()   ? "is stored, and no sample is there"
                             : s == stored.end() ? "is missing"
                                                 : difference(*w, *s);
    found.push_back(fmt::format("rollup of {} min of {}: {}", bucket_length(tier).count() / 60'000,
                                place(at), what));
  }

  static std::string difference(const Bucket& wanted, const Bucket& stored) {
    if (wanted.start != stored.start) return "is missing";
    if (wanted.count != stored.count) {
      return fmt::format("counts {} samples, there are {}", stored.count, wanted.count);
    }
    if (wanted.integral != stored.integral || wanted.held_ms != stored.held_ms) {
      return fmt::format("has held {} ms with integral {}, the samples give {} ms with {}",
                         stored.held_ms, stored.integral, wanted.held_ms, wanted.integral);
    }
    if (wanted.first_time != stored.first_time || wanted.last_time != stored.last_time) {
      return fmt::format("has samples from {} to {}, they are from {} to {}",
                         to_iso8601(stored.first_time), to_iso8601(stored.last_time),
                         to_iso8601(wanted.first_time), to_iso8601(wanted.last_time));
    }
    return fmt::format("has {}; the samples give {}", values_of(stored), values_of(wanted));
  }

  static std::string values_of(const Bucket& bucket) {
    return fmt::format("{} usable, min {}, max {}, sum {}, first {}, last {}{}", bucket.usable,
                       bucket.min, bucket.max, bucket.sum, bucket.first, bucket.last,
                       bucket.ends_usable ? "" : " and a bad end");
  }

  Tables& tables_;
  const NamedRow& point_;
  PointRow row_;
  Findings& findings_;
  RollupRepair* repair_;
};

void check_hot_part(const HotPart& part, Findings& findings) {
  ++findings.report.hot_parts;
  const std::string place =
      fmt::format("batch {} of segment {} at {}", part.batch, part.segment, to_iso8601(part.hour));
  const auto entries = hot_entries(part.body);
  if (!entries) return findings.fault(fmt::format("hot {}: {}", place, entries.error().what));
  for (const HotEntry& entry : *entries) {
    std::vector<Sample> samples;
    const auto read = read_hot(part, entry.slot, PointId{0}, samples);
    if (!read) {
      findings.fault(fmt::format("hot {}: {}", place, read.error().what));
      continue;
    }
    findings.report.samples += samples.size();
    const bool inside = std::ranges::all_of(
        samples, [&](const Sample& sample) { return hour_of(sample.source_time) == part.hour; });
    if (!inside) findings.fault(fmt::format("hot {}: a sample is of another hour", place));
  }
}

/// Of which the life is known to their end.
std::vector<HotHour> full_hot_hours(Tables& tables) {
  const auto end = tables.links_end();
  if (!end) return {};
  return tables.hot_hours(hour_of(*end), most_hot_hours);
}

using HotPlaces = std::set<std::pair<std::uint32_t, Timestamp>>;

/// Closed minutes wait for the fold of their hour: without hot parts there it would never come.
void check_hot_minutes(Tables& tables, std::uint32_t segment, const HotPlaces& hot,
                       Findings& findings) {
  for (const HotMinute& minute : tables.hot_minutes(segment, Timestamp::min(), Timestamp::max())) {
    const std::string place =
        fmt::format("closed minutes of segment {} at {}", segment, to_iso8601(minute.minute));
    if (const auto read = read_minute(minute); !read)
      findings.fault(fmt::format("{}: {}", place, read.error().what));
    if (!hot.contains({segment, hour_of(minute.minute)}))
      findings.fault(fmt::format("{}: their hour is folded already", place));
  }
}

}  // namespace

void check_raw(Tables& tables, CheckDepth depth, RollupRepair* repair, Findings& findings) {
  const std::size_t one_in = depth == CheckDepth::full ? 1 : one_hour_in;
  // What is not folded yet is compared where nothing grows any more.
  const auto unfolded = repair != nullptr ? full_hot_hours(tables) : std::vector<HotHour>{};
  for (const NamedRow& point : tables.points()) {
    PointCheck check(tables, point, findings, repair);
    std::vector<Timestamp> hours = check.chunks(one_in);
    for (const HotHour& hour : unfolded) {
      if (hour.segment == segment_of(PointRow{point.row})) hours.push_back(hour.hour);
    }
    std::ranges::sort(hours);
    hours.erase(std::ranges::unique(hours).begin(), hours.end());
    for (const Timestamp hour : hours) {
      findings.doing("computing rollups of " + point.key);
      try {
        check.rollups_of(hour);
      } catch (const DamagedBytes& damage) {
        // Damage costs its row, not the rest of the check.
        findings.fault(described(damage, tables).what);
      }
    }
  }
  HotPlaces hot;
  for (const HotHour& hour : tables.hot_hours(last_hour, most_hot_hours)) {
    hot.emplace(hour.segment, hour.hour);
    findings.doing("checking samples that are not folded yet");
    for (const HotPart& part : tables.hot(hour.segment, hour.hour, hour.hour + one_hour)) {
      check_hot_part(part, findings);
    }
  }
  std::set<std::uint32_t> segments;
  for (const NamedRow& point : tables.points()) segments.insert(segment_of({point.row}));
  for (const std::uint32_t segment : segments) check_hot_minutes(tables, segment, hot, findings);
}

}  // namespace wl::storage::check
