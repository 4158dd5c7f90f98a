#include "storage/historian/upkeep.hpp"

#include <algorithm>

#include "storage/historian/alarm_keeping.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/historian/transaction.hpp"

namespace wl::storage {
namespace {

constexpr Milliseconds settle = std::chrono::minutes{10};
constexpr std::int64_t quiet_batches = 2;
constexpr std::int64_t quiet_batches_of_old_hour = 30;
/// More hours than a live system has hot; one that is behind finds some to fold among the oldest.
constexpr std::size_t hours_looked_at = 1000;
/// Removed in one step. A row is a few kB: some milliseconds.
constexpr std::size_t chunks_at_once = 500;
constexpr std::size_t rows_at_once = 2000;

}  // namespace

Result<UpkeepReport> Upkeep::step(Timestamp now, const RetentionRules& rules) {
  const auto extent = facts::read_extent(tables_);
  if (!extent) return UpkeepReport{};
  const Timestamp newest = extent->second;
  remember(newest);
  if (fold_ && touched_since_begun()) fold_.reset();  // It must not drop a part that it never read.
  if (const auto folded = fold(now, newest)) return *folded;
  const Timestamp age_from = std::min(now, newest);
  if (rules.raw) {
    const Timestamp before = hour_of(age_from - *rules.raw);
    if (!raw_removed_before_ || *raw_removed_before_ < before)
      return remove_raw(before, rules.archive);
  }
  const Timestamp before = hour_of(age_from - rules.minutes);
  if (!rows_removed_before_ || *rows_removed_before_ < before)
    return remove_rows(before, age_from - rules.alarms);
  return UpkeepReport{.more = tables_.give_back_space()};
}

std::optional<UpkeepReport> Upkeep::fold(Timestamp now, Timestamp newest) {
  const auto hour = fold_ ? fold_->hour() : next_full_hour(now, newest);
  if (!hour) return std::nullopt;
  try {
    if (!fold_) begin_fold(*hour);
    return fold_step();
  } catch (const DamagedBytes&) {
    // Told once. It stays as it is, and the other hours do not wait for a restore.
    damaged_.insert({hour->segment, hour->hour});
    fold_.reset();
    throw;
  }
}

void Upkeep::begin_fold(const HotHour& hour) {
  fold_ = std::make_unique<Fold>(tables_, hour);
  fold_begun_ = ingest_.batches();
}

bool Upkeep::touched_since_begun() const {
  const auto since = ingest_.batches_since(fold_->hour());
  return since && ingest_.batches() - *since > fold_begun_;
}

std::optional<HotHour> Upkeep::next_full_hour(Timestamp now, Timestamp newest) {
  const Timestamp full_before = std::min(hour_of(now - settle), hour_of(newest));
  for (const HotHour& hour : tables_.hot_hours(full_before, hours_looked_at)) {
    if (damaged_.contains({hour.segment, hour.hour})) continue;
    const auto quiet = ingest_.batches_since(hour);
    if (!quiet || *quiet >= quiet_batches_of_old_hour) return hour;
    if (*quiet >= quiet_batches && hour.hour + 2 * one_hour >= newest_before_touch(*quiet))
      return hour;
  }
  return std::nullopt;
}

void Upkeep::remember(Timestamp newest) {
  newest_hours_.insert_or_assign(ingest_.batches(), hour_of(newest));
  const std::int64_t oldest_asked = ingest_.batches() - quiet_batches_of_old_hour;
  newest_hours_.erase(newest_hours_.begin(), newest_hours_.lower_bound(oldest_asked));
}

Timestamp Upkeep::newest_before_touch(std::int64_t quiet) const {
  // Where no step came in between it is a later one, with which an hour rather waits.
  return newest_hours_.lower_bound(ingest_.batches() - quiet - 1)->second;
}

UpkeepReport Upkeep::fold_step() {
  UpkeepReport report{.chunks_written = fold_->step(), .more = true};
  if (fold_->done()) {
    ingest_.on_folded(fold_->hour());
    fold_.reset();
  }
  return report;
}

Result<UpkeepReport> Upkeep::remove_raw(Timestamp before, ChunkArchive* archive) {
  auto done = archive != nullptr ? archiving_.step(before, *archive) : drop_raw(before);
  if (done && !done->more) raw_removed_before_ = before;
  return done;
}

UpkeepReport Upkeep::drop_raw(Timestamp before) {
  const auto oldest = tables_.oldest_chunk_hour(Timestamp::min());
  if (!oldest || *oldest >= before) return {};
  Transaction transaction(tables_, Access::write);
  const Timestamp mark = facts::raise_time(tables_, facts::raw_removed_before, before);
  const std::size_t removed = tables_.drop_chunks(before, chunks_at_once);
  transaction.commit();
  ingest_.on_raw_removed(mark);
  return {.chunks_removed = removed, .more = true};
}

UpkeepReport Upkeep::remove_rows(Timestamp minutes_before, Timestamp alarms_before) {
  Transaction transaction(tables_, Access::write);
  const std::size_t blocks = tables_.drop_blocks(Tier::minute, minutes_before, chunks_at_once);
  const std::size_t rows = tables_.drop_minutes(minutes_before, rows_at_once);
  const bool more_alarms = drop_old_alarms(tables_, alarms_before);
  transaction.commit();
  if (blocks > 0 || rows > 0 || more_alarms) return UpkeepReport{.more = true};
  rows_removed_before_ = minutes_before;
  return UpkeepReport{};
}

}  // namespace wl::storage
