// The OEE of a line: samples and proofs of life in, changed quarter hours and stops out.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/oee/line_sweep.hpp"
#include "model/link_interval.hpp"
#include "model/sample.hpp"

namespace wl::collector::oee {

struct AccountOptions {
  Milliseconds sampling_interval{
      1000};  ///< A hole in the proof of life up to three of them is none.
  /// How late a sample may come and still change what was given out: while the line has fewer than
  /// `late_readings` in this time. At least 30 min.
  Milliseconds late_horizon = std::chrono::hours{24};
  std::size_t late_readings = 6000;
};

/// All of an account. Save it (saved_state.hpp) in the transaction that stores the entries.
struct AccountState {
  std::string key;  ///< LineRules::key it belongs to.
  Carry carry;      ///< `from` 1970: no proof of life came yet.
  LineReadings readings;
  std::vector<Span> alive;
  std::vector<OeeQuarter> given;  ///< Quarters of about the last day, as last given out.
};

struct AccountStats {
  std::uint64_t repeated = 0;  ///< Samples of a time that was known already.
  std::uint64_t too_late = 0;  ///< Older than the horizon; no piece is lost by that.
  std::uint64_t future = 0;    ///< More than an hour ahead of the clock: not used.
};

/// The shift that runs at the end of proven life, as far as it has come.
struct ShiftFigures {
  Span time;
  OeeSums sums;

  bool operator==(const ShiftFigures&) const = default;
};

/// Pure; one thread uses it. The same batches give the same entries, however they are cut and, as
/// far as the horizon reaches, in whatever order they come: the readings of the horizon are applied
/// anew with every batch. Entries are absolute: storing them twice is storing them once.
///
/// A silence of more than 366 days is left out: its quarters are not given.
class OeeAccount {
 public:
  /// `plan` must outlive it. `state`: of an earlier run, or empty; of other points it is not used.
  OeeAccount(LineRules rules, const PlannedTime& plan, AccountOptions options,
             AccountState state = {});

  /// What one batch brings; samples of other points are skipped. `now`: wall time.
  OeeEntries on_batch(std::span<const Sample> samples, std::span<const LinkInterval> intervals,
                      Timestamp now);

  /// Nothing when no shift runs at the end of proven life.
  std::optional<ShiftFigures> current_shift() const;

  AccountState state() const;
  const AccountStats& stats() const { return stats_; }

 private:
  void begin();
  void forget_older_half();
  void insert(const Sample& sample, Timestamp now);
  template <class Reading>
  void insert(std::vector<Reading>& list, const Reading& reading);
  void insert_code(std::vector<CodeReading>& list, CodeReading& held, const Sample& sample);
  void insert_pieces(std::vector<PieceReading>& list, PieceCounterState& counter,
                     const Sample& sample);
  void leave_out_long_silence(Timestamp tail);
  std::vector<Timestamp> edges(Timestamp tail) const;
  std::size_t readings_after(Timestamp at) const;
  void give(const LineSweep& sweep, OeeEntries& entries);
  void give_stops(const std::vector<OeeStop>& stops, OeeEntries& entries);
  void go_on_from(Carry carry);
  Timestamp tail() const { return alive_.all().empty() ? Timestamp{} : alive_.all().back().to; }

  const LineRules rules_;
  const PlannedTime& plan_;
  const AccountOptions options_;
  ledger::AliveSpans alive_;
  Carry carry_;
  LineReadings readings_;
  QuarterSums given_;
  std::vector<OeeStop> given_stops_;  ///< Not saved: after a restart they are given once more.
  AccountStats stats_;
};

}  // namespace wl::collector::oee
