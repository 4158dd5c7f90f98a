// The energy ledger of the plant: samples and proofs of life in, buckets and events out.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/ledger/meter.hpp"
#include "model/link_interval.hpp"
#include "model/plant.hpp"
#include "model/sample.hpp"

namespace wl::collector::ledger {

struct LedgerOptions {
  Milliseconds sampling_interval{1000};  ///< A hole up to three of them is none.
  std::size_t late_readings = 600;       ///< Newest readings of a device that a late one may join;
  Milliseconds late_horizon = std::chrono::hours{24};  ///< and how old they may be. At least 1 h.
  /// Of all devices together, because each is saved with every batch: a large plant keeps fewer of
  /// each, but at least 30.
  std::size_t all_late_readings = 60'000;
};

/// What one device's meter must survive a restart with.
struct MeterBook {
  std::string key;
  Source source = Source::counter;
  MeterState settled;             ///< Nothing late can change it.
  std::vector<Reading> window;    ///< After it, by rising time: applied anew with every batch.
  BucketSums given;               ///< Open buckets as they were last given out.
  std::vector<LedgerEvent> told;  ///< Events of the window that were given out.
  std::uint32_t revision = 0;     ///< Of the newest event.
  bool ahead = false;             ///< The newest sample is from the future, and this was told.

  bool operator==(const MeterBook&) const = default;
};

/// All of a ledger. Save it (saved_state.hpp) in the transaction that stores the entries.
struct LedgerState {
  std::vector<MeterBook> meters;
  std::vector<Span> alive;

  bool operator==(const LedgerState&) const = default;
};

struct LedgerStats {
  std::uint64_t repeated = 0;  ///< Samples of a time that was known already.
  std::uint64_t too_late = 0;  ///< Older than the window; a counter's energy is not lost by it.
  std::uint64_t future = 0;
};

/// Pure; one thread uses it. The same batches give the same entries. Batches may come twice or out
/// of order as far as the window reaches: the readings in it are always applied in time order, so
/// the result does not depend on how they arrived.
class Ledger {
 public:
  /// `state`: of an earlier run, or empty. Meters are found by key; a meter that is new, or has
  /// another source than before, starts with its first sample.
  Ledger(std::vector<MeterSpec> specs, LedgerOptions options, LedgerState state = {});

  /// What one CollectedBatch brings; samples of other points are skipped. `now`: wall time.
  LedgerEntries on_batch(std::span<const Sample> samples, std::span<const LinkInterval> intervals,
                         Timestamp now);

  LedgerState state() const { return {books_, alive_.all()}; }
  /// The same without a copy, for save().
  const std::vector<MeterBook>& books() const { return books_; }
  const std::vector<Span>& alive() const { return alive_.all(); }
  const LedgerStats& stats() const { return stats_; }

 private:
  /// How far the window is applied already, so that a batch costs its new readings only. Not saved:
  /// it follows from the book.
  struct Applied {
    bool valid = false;
    std::size_t readings = 0;  ///< window[0, readings) are in `state`; all under known life.
    MeterState state;
    std::vector<LedgerEvent> events;
  };

  void insert(const Sample& sample, Timestamp now, LedgerEntries& entries);
  void refuse_future(std::size_t index, const Reading& reading, LedgerEntries& entries);
  void apply(std::size_t index, Timestamp tail, LedgerEntries& entries);
  std::size_t settle(std::size_t index, Timestamp tail);

  std::vector<MeterSpec> specs_;
  LedgerOptions options_;
  AliveSpans alive_;
  std::vector<MeterBook> books_;    ///< Beside specs_.
  std::vector<Applied> applied_;    ///< Beside specs_.
  std::vector<Timestamp> late_to_;  ///< Newest reading before a late one of this batch; else 0.
  std::vector<std::optional<std::size_t>> of_point_;  ///< Index of its meter, by PointId.
  LedgerStats stats_;
};

/// A meter for each device: its point `energy_kwh` if it is a counter, else its point `power_kw`.
/// P_max is the device's rated power, else the `high` of its power point; a device with neither
/// (or above 1e6 kW) is bounded by 1e6 kW.
std::vector<MeterSpec> meters_of(const Plant& plant);

}  // namespace wl::collector::ledger
