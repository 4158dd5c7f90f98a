#include "apps/collector/batch_oee.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/durable_file.hpp"
#include "collector/oee/saved_state.hpp"

namespace wl {
namespace {

namespace oee = collector::oee;

/// Entries are absolute: of a quarter the newer one counts, of stops all from where they begin.
OeeEntries joined(OeeEntries older, OeeEntries newer) {
  const auto comes_again = [&](const OeeQuarter& quarter) {
    return std::ranges::find(newer.quarters, quarter.start, &OeeQuarter::start) !=
           newer.quarters.end();
  };
  std::erase_if(older.quarters, comes_again);
  older.quarters.insert(older.quarters.end(), newer.quarters.begin(), newer.quarters.end());
  if (!newer.stops_from) return older;
  std::erase_if(older.stops, [&](const OeeStop& stop) { return stop.start >= *newer.stops_from; });
  older.stops.insert(older.stops.end(), newer.stops.begin(), newer.stops.end());
  older.stops_from = std::min(older.stops_from.value_or(*newer.stops_from), *newer.stops_from);
  return older;
}

ShiftCalendar calendar_of(const Plant& plant) {
  return plant.oee ? plant.oee->calendar : ShiftCalendar{};
}

}  // namespace

std::vector<oee::PlannedShift> PlantShifts::shifts(Timestamp from, Timestamp to) const {
  std::vector<oee::PlannedShift> found;
  for (const storage::ShiftTime& time : times_.between(from, to)) {
    oee::PlannedShift shift{.time = {time.from, time.to}, .busy = {}};
    for (const auto& [begin, end] : time.busy) shift.busy.push_back({begin, end});
    found.push_back(std::move(shift));
  }
  return found;
}

std::optional<double> OeeFigures::percent_after(Milliseconds least) const {
  if (seen_planned_ms(sums) < least.count()) return std::nullopt;
  const auto ratio = ratios_of(sums).oee;
  return ratio ? std::optional(*ratio * 100) : std::nullopt;
}

BatchOee::BatchOee(const Plant& plant, storage::Calendar zone, Options options,
                   const std::string& saved)
    : options_(std::move(options)),
      rules_(oee::line_rules(plant, options_.ideal_rate_per_hour)),
      shifts_(storage::ShiftTimes(calendar_of(plant), zone)),
      state_(saved) {
  if (rules_) begin_from(saved);
}

void BatchOee::begin_from(const std::string& saved) {
  oee::AccountState state;
  if (!saved.empty()) {
    auto read = oee::restore(saved);
    if (read) {
      state = std::move(*read);
    } else {
      keep_unreadable(saved, read.error().what);
    }
  }
  account_.emplace(*rules_, shifts_,
                   oee::AccountOptions{.sampling_interval = options_.sampling_interval},
                   std::move(state));
}

void BatchOee::keep_unreadable(const std::string& saved, const std::string& reason) const {
  const auto path =
      options_.data_dir / fmt::format("oee-state.unreadable-{}", to_unix_ms(wall_now()));
  const auto kept = write_file(path, saved, Durability::synced, 0600);
  spdlog::error(
      "OEE: {}; it is kept as {}. The OEE begins anew with the next batch: pieces made between the "
      "last stored batch and now are not in it, the raw values are",
      reason, kept ? path.string() : "nothing (" + kept.error().what + ")");
}

void BatchOee::complete(storage::Batch& batch, Timestamp now) {
  if (!account_) return;
  if (seq_ != batch.seq || !waiting_) {
    if (std::exchange(torn_, true)) begin_from(state_);
    OeeEntries entries = account_->on_batch(batch.samples, batch.intervals, now);
    entries_ = waiting_ ? joined(std::move(entries_), std::move(entries)) : std::move(entries);
    state_ = oee::save(account_->state());
    seq_ = batch.seq;
    waiting_ = true;
    torn_ = false;
  }
  batch.oee = entries_;
  batch.oee_state = state_;
}

std::optional<OeeFigures> BatchOee::figures() const {
  const auto shift = account_ ? account_->current_shift() : std::nullopt;
  if (!shift) return std::nullopt;
  return OeeFigures{shift->time.from, shift->time.to, shift->sums};
}

}  // namespace wl
