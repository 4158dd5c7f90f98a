#include "apps/collector/store_writer.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "apps/database/database_away.hpp"
#include "base/check.hpp"

namespace wl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Milliseconds pause_after_error{60'000};
constexpr Milliseconds first_pause{1000};
constexpr Milliseconds longest_pause{10'000};

Milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
}

}  // namespace

StoreWriter::StoreWriter(Parts parts, Events events)
    : parts_(std::move(parts)), events_(std::move(events)) {
  thread_ = std::thread([this] { run(); });
}

StoreWriter::StoreWriter(std::function<Parts()> open, Events events)
    : open_(std::move(open)), events_(std::move(events)) {
  thread_ = std::thread([this] { run(); });
}

StoreWriter::~StoreWriter() {
  waiting_.close();
  thread_.join();
}

void StoreWriter::write(std::shared_ptr<const collector::Record> batch) {
  WL_CHECK(waiting_.push(std::move(batch)));
}

/// Nothing in the queue means: look what is wanted.
void StoreWriter::read_alarms() {
  if (!alarms_wanted_.exchange(true)) waiting_.push(nullptr);
}

void StoreWriter::run() {
  for (Milliseconds pause = first_pause; !open_store();
       pause = std::min(2 * pause, longest_pause)) {
    waiting_.drain(pause);  // No batch comes before `opened`: this waits, and ends when closed.
    if (waiting_.closed()) return;
    if (alarms_wanted_.exchange(false)) events_.alarms(fail(Errc::unavailable, away_));
  }
  work();
}

bool StoreWriter::open_store() {
  try {
    if (!parts_.store) parts_ = open_();
    tell_opened();
    opened_ = true;
    tell_alarms();
    return true;
  } catch (const std::exception& error) {
    away_ = error.what();
    events_.away(error.what());
    return false;
  }
}

void StoreWriter::tell_opened() {
  const auto last_seq = parts_.store->last_seq(parts_.source);
  if (!last_seq) throw DatabaseAway(last_seq.error().what);
  const auto covered_until = parts_.store->covered_until();
  if (!covered_until) throw DatabaseAway(covered_until.error().what);
  events_.opened({*last_seq, *covered_until});
}

void StoreWriter::tell_alarms() {
  alarms_wanted_ = false;  // First: whoever wishes it during the reading gets another one.
  try {
    events_.alarms(alarms_in_database());
  } catch (const std::exception& error) {
    events_.alarms(fail(Errc::unavailable, error.what()));
  }
}

Result<collector::AlarmsInDatabase> StoreWriter::alarms_in_database() {
  collector::AlarmsInDatabase alarms;
  auto rules = parts_.store->rules();
  if (!rules) return std::unexpected(rules.error());
  auto open = parts_.store->open_alarms(parts_.clock() - parts_.dedup_window);
  if (!open) return std::unexpected(open.error());
  const auto greatest = parts_.store->last_alarm_id();
  if (!greatest) return std::unexpected(greatest.error());
  return collector::AlarmsInDatabase{std::move(*rules), std::move(*open), *greatest};
}

void StoreWriter::work() {
  auto next_upkeep = Clock::now() + parts_.upkeep_pause;
  for (bool open = true; open;) {
    open = !waiting_.closed();
    const auto left = std::chrono::duration_cast<Milliseconds>(next_upkeep - Clock::now());
    for (const auto& batch : waiting_.drain(std::max(left, Milliseconds{0}))) {
      if (!batch) {
        tell_alarms();
        continue;
      }
      const auto start = Clock::now();
      std::string error = ended_ ? "a batch before it was not stored" : try_write(*batch);
      ended_ = ended_ || (parts_.ends_at_failure && !error.empty());
      const auto oee = parts_.oee ? parts_.oee->figures() : std::nullopt;
      events_.done({batch->seq, std::move(error), since(start), oee});
    }
    // A batch that waits goes first.
    if (open && Clock::now() >= next_upkeep && waiting_.size() == 0) {
      const auto start = Clock::now();
      const bool more = keep_up();
      next_upkeep = Clock::now() + pause_after(more, since(start));
    }
  }
  while (parts_.upkeep_at_end && keep_up()) continue;
  if (const auto moved = parts_.store->checkpoint(); !moved) spdlog::warn("{}", moved.error().what);
}

std::string StoreWriter::try_write(const collector::Record& collected) {
  try {
    storage::Batch batch;
    batch.source = parts_.source;
    batch.seq = collected.seq;
    batch.samples = collected.samples;
    batch.intervals = collected.intervals;
    batch.alarms = collected.alarms;
    batch.alarm_journal = collected.alarm_journal;
    parts_.ledger->complete(batch, parts_.clock());
    if (parts_.oee) parts_.oee->complete(batch, parts_.clock());
    const auto written = parts_.store->write_batch(batch);
    if (!written) return written.error().what;
    parts_.ledger->on_written();
    if (parts_.oee) parts_.oee->on_written();
    return "";
  } catch (const std::exception& error) {
    return fmt::format("batch {}: {}", collected.seq, error.what());
  }
}

Milliseconds StoreWriter::pause_after(bool more, Milliseconds took) const {
  if (!figures_.error.empty()) return pause_after_error;
  // Half the time at most: who reads at the same moment finds a core and a quiet disk.
  if (more) return std::min(took, parts_.upkeep_pause);
  return std::max(parts_.upkeep_pause, Milliseconds{1});
}

bool StoreWriter::keep_up() {
  const auto start = Clock::now();
  std::string error;
  bool more = false;
  try {
    const auto done = parts_.store->upkeep(parts_.clock(), parts_.rules);
    if (done) {
      figures_.chunks_written += done->chunks_written;
      figures_.chunks_removed += done->chunks_removed;
      more = done->more;
    } else {
      error = done.error().what;
    }
  } catch (const std::exception& thrown) {
    error = thrown.what();
  }
  if (!error.empty() && error != figures_.error) spdlog::error("upkeep of the database: {}", error);
  figures_.error = error;
  figures_.longest_step = std::max(figures_.longest_step, since(start));
  upkeep_.set(figures_);
  return more;
}

}  // namespace wl
