#include "storage/historian/ingest.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "storage/historian/alarm_keeping.hpp"
#include "storage/historian/energy_ledger_rows.hpp"
#include "storage/historian/hot_minutes.hpp"
#include "storage/historian/link_timeline.hpp"
#include "storage/historian/oee_rows.hpp"
#include "storage/historian/transaction.hpp"

namespace wl::storage {
namespace {

/// How far a PLC's clock may run ahead so that its samples still prove life.
constexpr Milliseconds clock_skew = std::chrono::hours{1};
/// A batch that is longer (a replay, a link that was down) closes so many minutes of a point that
/// its blocks are the shorter way.
constexpr Milliseconds longest_for_hot_minutes = std::chrono::minutes{10};
/// Life that stays in memory. Enough for samples that wait behind an outage of the link.
constexpr Milliseconds remembered_life = std::chrono::hours{48};

LatestRow latest_of(PointRow row, const Sample& sample) {
  const bool finite = std::isfinite(sample.value);
  const Quality quality = finite || sample.quality.is_bad() ? sample.quality : quality::bad;
  return {row, sample.source_time, finite ? sample.value : 0, quality.status_code};
}

bool repeats(const Sample& sample, const LatestRow& newest) {
  return sample.source_time == newest.source_time && sample.quality.status_code == newest.quality &&
         std::bit_cast<std::uint64_t>(sample.value) == std::bit_cast<std::uint64_t>(newest.value);
}

bool is_late(const Sample& sample, const WriterMemory::Point& point) {
  return point.latest && sample.source_time <= point.latest->source_time;
}

/// `runs` are not empty.
Timestamp oldest_of(std::span<const PointRun> runs) {
  Timestamp oldest = runs.front().samples.front().source_time;
  for (const PointRun& run : runs) oldest = std::min(oldest, run.samples.front().source_time);
  return oldest;
}

}  // namespace

/// One batch on its way.
struct Ingest::Work {
  std::int64_t batch;
  std::vector<PointRun> runs;
  LinkInterval proven;  ///< Life beyond the link record; may be empty.
  Timestamp oldest{};
  Timestamp newest{};
  std::set<HotPlace> touched;  ///< Where it puts hot parts.
};

Ingest::Ingest(Tables& tables, const Plant& plant, Names& names)
    : tables_(tables), plant_(plant), names_(names), view_minutes_(plant) {}

Result<void> Ingest::write(const Batch& batch) {
  try {
    auto written = write_in_transaction(batch);
    if (!written) forget();
    return written;
  } catch (...) {
    forget();
    names_.forget();
    throw;
  }
}

void Ingest::forget() {
  memory_.reset();
  hot_.clear();
}

Result<void> Ingest::write_in_transaction(const Batch& batch) {
  Transaction transaction(tables_, Access::write);
  const auto id = tables_.claim_batch(batch.source, batch.seq, batch.samples.size());
  if (!id) return {};  // Written before.
  names_.refresh();
  if (!memory_) load_memory();
  auto runs = BatchRuns::of(batch.samples, plant_.points.size(), names_);
  if (!runs) return std::unexpected(runs.error());
  ++newest_batch_;
  Work work{.batch = *id,
            .runs = runs->runs(),
            .proven = add_links(batch, *runs),
            .oldest = runs->oldest(),
            .newest = runs->newest(),
            .touched = {}};
  leave_out_repetitions(work.runs);
  if (!work.runs.empty()) {
    put_hot_parts(work);
    put_rollups(work);
    put_points(work);
    put_extent(work);
  }
  put_minutes(batch, work);
  put_ledger(tables_, names_, batch.ledger);
  if (!batch.ledger_state.empty()) tables_.put_fact(facts::ledger_state, batch.ledger_state);
  if (auto kept = keep_alarms(tables_, *id, batch); !kept) return kept;
  put_oee(tables_, batch.oee);
  if (!batch.oee_state.empty()) tables_.put_fact(facts::oee_state, batch.oee_state);
  transaction.commit();
  hot_.merge(work.touched);
  return {};
}

void Ingest::load_memory() {
  memory_ = WriterMemory::load(tables_);
  for (const DeviceSpec& device : plant_.devices) {
    const std::string fact = facts::device_name + device.id;
    const std::string& name = device.name.zh_cn.empty() ? device.name.en : device.name.zh_cn;
    if (!name.empty() && tables_.fact(fact) != name) tables_.put_fact(fact, name);
  }
}

LinkInterval Ingest::add_links(const Batch& batch, const BatchRuns& runs) {
  for (const LinkInterval& interval : batch.intervals) {
    for (const LinkInterval& piece : add_link(tables_, interval)) memory_->alive.add(piece);
  }
  LinkInterval beyond;
  if (runs.runs().empty()) return beyond;
  const auto last = tables_.link_at_or_before(Timestamp::max());
  if (last && last->alive && runs.newest() <= last->to + clock_skew) {
    beyond.from = last->to;
    beyond.to = runs.newest();
  }
  return beyond;
}

void Ingest::leave_out_repetitions(std::vector<PointRun>& runs) {
  for (PointRun& run : runs) {
    const auto& newest = memory_->of(run.row).latest;
    if (newest && repeats(run.samples.front(), *newest)) run.samples = run.samples.subspan(1);
  }
  std::erase_if(runs, [](const PointRun& run) { return run.samples.empty(); });
}

void Ingest::put_hot_parts(Work& work) {
  std::vector<HotPart> parts;
  HotPartWriter writer;
  std::vector<PointRun> rest;  // Of one segment: what is not in a part yet.
  for (auto at = work.runs.begin(); at != work.runs.end();) {
    const std::uint32_t segment = segment_of(at->row);
    rest.clear();
    for (; at != work.runs.end() && segment_of(at->row) == segment; ++at) rest.push_back(*at);
    while (!rest.empty()) {
      const Timestamp hour = hour_of(oldest_of(rest));
      for (PointRun& run : rest) {
        const auto now = before(run.samples, hour + one_hour);
        if (!now.empty()) writer.add(slot_of(run.row), hour, now);
        run.samples = run.samples.subspan(now.size());
      }
      std::erase_if(rest, [](const PointRun& run) { return run.samples.empty(); });
      parts.push_back({segment, hour, work.batch, writer.finish()});
      touched_[{segment, hour}] = newest_batch_;
      work.touched.emplace(segment, hour);
    }
  }
  tables_.put_hot(parts);
}

/// Buckets go where they cost least. Hot minutes are folded with the hot parts of their hour, so
/// they need some.
void Ingest::put_closed(const Work& work, std::vector<ClosedBucket> closed) {
  const bool brief = work.newest - work.oldest <= longest_for_hot_minutes;
  const auto for_block = [&](const ClosedBucket& one) {
    const HotPlace place{segment_of(one.row), hour_of(one.bucket.start)};
    return !brief || one.tier != Tier::minute ||
           !(hot_.contains(place) || work.touched.contains(place));
  };
  for (const ClosedBucket& one : closed)
    if (one.tier == Tier::minute) memory_->keep_recent(one.row, one.bucket);
  const auto hot = std::ranges::stable_partition(closed, for_block);
  put_hot_minutes(tables_, {hot.begin(), hot.end()});
  closed.erase(hot.begin(), hot.end());
  store_closed(tables_, std::move(closed));
}

void Ingest::put_rollups(Work& work) {
  std::vector<LateRun> late;
  std::vector<PointRun> fresh;
  for (const PointRun& run : work.runs) {
    const WriterMemory::Point& point = memory_->of(run.row);
    auto rest = run.samples;
    while (!rest.empty() && is_late(rest.front(), point)) {
      const Timestamp hour = hour_of(rest.front().source_time);
      const auto in_hour = before(rest, hour + one_hour);
      late.push_back({hour, run.row, run.point, in_hour});
      rest = rest.subspan(in_hour.size());
    }
    if (!rest.empty()) fresh.push_back({run.row, run.point, rest});
  }
  if (!late.empty()) LateRollups(tables_, *memory_, work.proven).apply(std::move(late));
  if (fresh.empty()) return;
  know_life_from(hour_of(oldest_of(fresh)));
  AliveTimeline alive = memory_->alive;
  alive.add(work.proven);
  std::vector<ClosedBucket> closed;
  for (const PointRun& run : fresh)
    grow(memory_->of(run.row).open, run.row, run.samples, alive, closed);
  put_closed(work, std::move(closed));
}

void Ingest::know_life_from(Timestamp from) {
  if (memory_->alive_from <= from) {
    const Timestamp enough = from - remembered_life;
    if (memory_->alive_from < enough) {
      memory_->alive.forget_before(enough);
      memory_->alive_from = enough;
    }
    return;
  }
  memory_->alive = AliveTimeline(tables_.links(from, Timestamp::max()));
  memory_->alive_from = from;
}

void Ingest::put_points(const Work& work) {
  std::vector<OpenRow> open;
  std::vector<LatestRow> latest;
  for (const PointRun& run : work.runs) {
    WriterMemory::Point& point = memory_->of(run.row);
    const Sample& newest = run.samples.back();
    if (!point.latest || newest.source_time >= point.latest->source_time) {
      point.latest = latest_of(run.row, newest);
      latest.push_back(*point.latest);
    }
    open.push_back({run.row, encode_open(point.open)});
  }
  tables_.put_open(open);
  if (!latest.empty()) tables_.put_latest(latest);
}

void Ingest::put_extent(const Work& work) {
  facts::Extent extent = memory_->extent.value_or(facts::Extent{work.oldest, work.newest});
  extent.first = std::min(extent.first, work.oldest);
  extent.second = std::max(extent.second, work.newest);
  if (memory_->extent == extent) return;
  memory_->extent = extent;
  facts::put_extent(tables_, extent);
}

void Ingest::put_minutes(const Batch& batch, const Work& work) {
  const auto covered = tables_.links_end();
  if (!covered) return;
  if (memory_->minutes_until) {
    std::map<Timestamp, std::set<PointId>> changed;
    for (const PointRun& run : work.runs) {
      if (!view_minutes_.shows(run.point)) continue;
      for (auto rest = before(run.samples, *memory_->minutes_until); !rest.empty();) {
        const Timestamp hour = hour_of(rest.front().source_time);
        changed[hour].insert(run.point);
        rest = rest.subspan(before(rest, hour + one_hour).size());
      }
    }
    for (const auto& [hour, points] : changed)
      view_minutes_.renew(tables_, names_, *memory_, hour, points);
  }
  if (!memory_->extent) return;  // No sample yet: nothing is held.
  Timestamp until = work.newest;
  for (const LinkInterval& interval : batch.intervals) until = std::max(until, interval.to);
  view_minutes_.advance(tables_, names_, *memory_, memory_->extent->first,
                        std::min(until, *covered));
}

std::optional<std::int64_t> Ingest::batches_since(const HotHour& hour) const {
  const auto at = touched_.find({hour.segment, hour.hour});
  if (at == touched_.end()) return std::nullopt;
  return newest_batch_ - at->second;
}

void Ingest::on_raw_removed(Timestamp before) {
  if (memory_) memory_->raw_removed_before = before;
}

}  // namespace wl::storage
