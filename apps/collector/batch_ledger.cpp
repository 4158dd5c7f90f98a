#include "apps/collector/batch_ledger.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/durable_file.hpp"
#include "collector/ledger/saved_state.hpp"

namespace wl {
namespace {

using collector::ledger::Ledger;
using collector::ledger::LedgerState;

/// Entries are absolute: of a bucket the newer one counts; events are told once each.
LedgerEntries joined(LedgerEntries older, LedgerEntries newer) {
  const auto comes_again = [&](const EnergyBucket& bucket) {
    return std::ranges::any_of(newer.buckets, [&](const EnergyBucket& other) {
      return other.device == bucket.device && other.start == bucket.start;
    });
  };
  std::erase_if(older.buckets, comes_again);
  older.buckets.insert(older.buckets.end(), newer.buckets.begin(), newer.buckets.end());
  older.events.insert(older.events.end(), newer.events.begin(), newer.events.end());
  return older;
}

}  // namespace

BatchLedger::BatchLedger(const Plant& plant, Options options, const std::string& saved)
    : plant_(plant), options_(std::move(options)), state_(saved) {
  begin_from(saved);
}

void BatchLedger::begin_from(const std::string& saved) {
  LedgerState state;
  if (!saved.empty()) {
    auto read = collector::ledger::restore(saved);
    if (read) {
      state = std::move(*read);
    } else {
      keep_unreadable(saved, read.error().what);
    }
  }
  ledger_.emplace(collector::ledger::meters_of(plant_),
                  collector::ledger::LedgerOptions{.sampling_interval = options_.sampling_interval},
                  std::move(state));
}

void BatchLedger::keep_unreadable(const std::string& saved, const std::string& reason) const {
  const auto path =
      options_.data_dir / fmt::format("ledger-state.unreadable-{}", to_unix_ms(wall_now()));
  const auto kept = write_file(path, saved, Durability::synced, 0600);
  spdlog::error(
      "energy ledger: {}; it is kept as {}. Each meter begins with its next sample: what was used "
      "between the last stored batch and now is not in the ledger, the raw values are",
      reason, kept ? path.string() : "nothing (" + kept.error().what + ")");
}

void BatchLedger::complete(storage::Batch& batch, Timestamp now) {
  if (seq_ != batch.seq || !waiting_) {
    if (std::exchange(torn_, true)) begin_from(state_);
    LedgerEntries entries = ledger_->on_batch(batch.samples, batch.intervals, now);
    entries_ = waiting_ ? joined(std::move(entries_), std::move(entries)) : std::move(entries);
    state_ = collector::ledger::save(*ledger_);
    seq_ = batch.seq;
    waiting_ = true;
    torn_ = false;
  }
  batch.ledger = entries_;
  batch.ledger_state = state_;
}

}  // namespace wl
