#include "web/api/held_rows.hpp"

#include <algorithm>

namespace wl::web {
namespace {

constexpr std::string_view no_record = "no record: the collector was not running";

Timestamp next_tick(Timestamp time, Milliseconds tick) {
  const auto late = time.time_since_epoch() % tick;
  return late.count() == 0 ? time : time + (tick - late);
}

/// Adds the ticks of [from, to) to the plan.
void add_run(TickPlan& plan, Timestamp from, Timestamp to, Milliseconds tick) {
  const Timestamp first = next_tick(from, tick);
  if (first >= to) return;
  const auto count = static_cast<std::uint64_t>((to - first - Milliseconds{1}) / tick) + 1;
  plan.runs.push_back({first, count});
  plan.total += count;
}

void add_gap(TickPlan& plan, Gap gap) {
  if (gap.from >= gap.to) return;
  auto* last = plan.gaps.empty() ? nullptr : &plan.gaps.back();
  if (last != nullptr && last->to == gap.from && last->cause == gap.cause) {
    last->to = gap.to;
  } else {
    plan.gaps.push_back(std::move(gap));
  }
}

}  // namespace

TickPlan plan_ticks(const HistoryWindow& window, const std::vector<LinkInterval>& intervals) {
  TickPlan plan;
  // With a record from before the window, its uncovered beginning is a gap; without, it is not.
  const bool recorded_before = window.recorded_from && *window.recorded_from < window.from;
  bool anything_yet = recorded_before;
  Timestamp covered = window.from;
  for (const LinkInterval& interval : intervals) {
    const Timestamp from = std::max(interval.from, covered);
    const Timestamp to = std::min(interval.to, window.to);
    if (from >= to) continue;
    if (anything_yet) add_gap(plan, {covered, from, std::string(no_record)});
    if (interval.alive) {
      add_run(plan, from, to, window.tick);
    } else {
      add_gap(plan, {from, to, interval.cause});
    }
    anything_yet = true;
    covered = to;
  }
  const Timestamp settled = std::min(window.to, window.settled_until);
  if (anything_yet) add_gap(plan, {covered, settled, std::string(no_record)});
  return plan;
}

std::vector<Timestamp> ticks_of(const TickPlan& plan, Milliseconds tick, std::uint64_t offset,
                                std::uint64_t limit) {
  std::vector<Timestamp> ticks;
  for (const TickRun& run : plan.runs) {
    if (offset >= run.count) {
      offset -= run.count;
      continue;
    }
    for (; offset < run.count && ticks.size() < limit; ++offset) {
      ticks.push_back(run.first + tick * static_cast<std::int64_t>(offset));
    }
    offset = 0;
    if (ticks.size() >= limit) break;
  }
  return ticks;
}

std::vector<HeldRow> held_rows(const std::vector<Timestamp>& ticks,
                               const std::vector<storage::RawSeries>& series) {
  std::vector<HeldRow> rows;
  rows.reserve(ticks.size());
  std::vector<std::size_t> next(series.size(), 0);
  std::vector<std::optional<Sample>> held;
  for (const auto& one : series) held.push_back(one.before);
  for (const Timestamp tick : ticks) {
    for (std::size_t i = 0; i < series.size(); ++i) {
      const auto& samples = series[i].samples;
      while (next[i] < samples.size() && samples[next[i]].source_time <= tick) {
        held[i] = samples[next[i]++];
      }
    }
    rows.push_back({tick, held});
  }
  return rows;
}

}  // namespace wl::web
