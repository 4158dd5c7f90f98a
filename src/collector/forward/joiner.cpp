#include "collector/forward/joiner.hpp"

#include <algorithm>
#include <utility>

#include "collector/link_history.hpp"

namespace wl::collector {

const char* const not_running_cause = "the collector did not run";

namespace {
constexpr const char* unknown_cause = "records of the spool are missing";
constexpr std::size_t most_lost = 64;
}  // namespace

void Joiner::begin(std::optional<Timestamp> covered_until, std::uint64_t last_seq) {
  covered_ = covered_until;
  last_seq_ = last_seq;
}

void Joiner::on_lost(LostRecords lost) {
  if (lost.last_seq <= last_seq_) return;
  const auto place = std::ranges::upper_bound(lost_, lost.first_seq, {}, &LostRecords::first_seq);
  lost_.insert(place, std::move(lost));
  if (lost_.size() <= most_lost) return;
  lost_[1].first_seq = lost_[0].first_seq;
  lost_.erase(lost_.begin());
}

/// Why there may be a hole before this record: lost ones weigh more than a restart.
void Joiner::look_between(std::uint64_t next_seq) {
  const bool new_run = run_of(next_seq) != run_of(last_seq_);
  if (new_run && hole_cause_.empty()) hole_cause_ = not_running_cause;
  while (!lost_.empty() && lost_.front().first_seq < next_seq) {
    hole_cause_ = lost_.front().cause;
    if (lost_.front().last_seq >= next_seq) break;
    lost_.erase(lost_.begin());
  }
}

void Joiner::add(const Record& record) {
  look_between(record.seq);
  last_seq_ = record.seq;
  batch_.seq = record.seq;
  batch_.samples.insert(batch_.samples.end(), record.samples.begin(), record.samples.end());
  batch_.alarms.insert(batch_.alarms.end(), record.alarms.begin(), record.alarms.end());
  batch_.alarm_journal.insert(batch_.alarm_journal.end(), record.alarm_journal.begin(),
                              record.alarm_journal.end());
  for (const LinkInterval& interval : record.intervals) {
    close_hole(interval.from);
    append_interval(batch_.intervals, interval);
    covered_ = std::max(covered_.value_or(interval.to), interval.to);
  }
}

void Joiner::close_hole(Timestamp next) {
  if (covered_ && next > *covered_) {
    append_interval(batch_.intervals,
                    {*covered_, next, false, hole_cause_.empty() ? unknown_cause : hole_cause_});
  }
  hole_cause_.clear();
}

Record Joiner::take() {
  return std::exchange(batch_, {});
}

}  // namespace wl::collector
