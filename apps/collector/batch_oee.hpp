// The OEE of the line beside the Store: what each batch changes in it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "collector/oee/oee_account.hpp"
#include "storage/rollup/shift_times.hpp"
#include "storage/store.hpp"

namespace wl {

/// The shifts of plant.json in the plant's zone, for the account.
class PlantShifts : public collector::oee::PlannedTime {
 public:
  explicit PlantShifts(storage::ShiftTimes times) : times_(std::move(times)) {}
  std::vector<collector::oee::PlannedShift> shifts(Timestamp from, Timestamp to) const override;

 private:
  storage::ShiftTimes times_;
};

/// The running shift, as far as it has come: what the condition `oee_low` watches.
struct OeeFigures {
  Timestamp shift_from{};
  Timestamp shift_to{};
  OeeSums sums;

  /// In per cent; nothing before `least` of its planned time was seen.
  std::optional<double> percent_after(Milliseconds least) const;
};

/// What is too short to tell whether a shift goes badly.
inline constexpr Milliseconds least_for_oee_low = std::chrono::minutes{15};

/// Computes the OEE's part of a batch once, however often the batch must be written. Entries and
/// state lie in the transaction of their batch, so a crash loses both or neither. The writer's
/// thread owns it. A plant without `oee` costs nothing.
class BatchOee {
 public:
  struct Options {
    Milliseconds sampling_interval{1000};
    double ideal_rate_per_hour = 100;  ///< THEORETICAL_PRODUCTION_RATE.
    std::filesystem::path data_dir;    ///< Where a state that cannot be read is kept.
  };

  /// `saved`: CollectorStore::oee_state(). A state that cannot be read is kept in a file and named
  /// in the log; the account then begins with the next batch. `plant` must outlive it.
  BatchOee(const Plant& plant, storage::Calendar zone, Options options, const std::string& saved);

  /// Fills in `oee` and `oee_state`. The same seq gives the same again. A batch that was never
  /// written hands its entries on to the next one.
  void complete(storage::Batch& batch, Timestamp now);
  /// The batch that was completed last is stored.
  void on_written() { waiting_ = false; }

  /// Nothing without `oee`, between shifts, and before the first batch.
  std::optional<OeeFigures> figures() const;

 private:
  void begin_from(const std::string& saved);
  void keep_unreadable(const std::string& saved, const std::string& reason) const;

  const Options options_;
  std::optional<collector::oee::LineRules> rules_;
  PlantShifts shifts_;
  std::optional<collector::oee::OeeAccount> account_;
  std::optional<std::uint64_t> seq_;  ///< Of what stands in entries_.
  bool waiting_ = false;              ///< entries_ are not stored yet.
  bool torn_ = false;                 ///< The account threw in the middle of a batch.
  OeeEntries entries_;
  std::string state_;
};

}  // namespace wl
