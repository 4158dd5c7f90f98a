// The energy ledger beside the Store: what each batch changes in it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "collector/ledger/ledger.hpp"
#include "storage/store.hpp"

namespace wl {

/// Computes the ledger's part of a batch once, however often the batch must be written. Entries and
/// state lie in the transaction of their batch, so a crash loses both or neither. The writer's
/// thread owns it.
class BatchLedger {
 public:
  struct Options {
    Milliseconds sampling_interval{1000};
    std::filesystem::path data_dir;  ///< Where a state that cannot be read is kept.
  };

  /// `saved`: CollectorStore::ledger_state(). A state that cannot be read is kept in a file and
  /// named in the log; the meters then begin with their next sample. `plant` must outlive it.
  BatchLedger(const Plant& plant, Options options, const std::string& saved);

  /// Fills in `ledger` and `ledger_state`. The same seq gives the same again. A batch that was
  /// never written hands its entries on to the next one.
  void complete(storage::Batch& batch, Timestamp now);
  /// The batch that was completed last is stored.
  void on_written() { waiting_ = false; }

  const collector::ledger::LedgerStats& stats() const { return ledger_->stats(); }

 private:
  void begin_from(const std::string& saved);
  void keep_unreadable(const std::string& saved, const std::string& reason) const;

  const Plant& plant_;
  const Options options_;
  std::optional<collector::ledger::Ledger> ledger_;
  std::optional<std::uint64_t> seq_;  ///< Of what stands in entries_.
  bool waiting_ = false;              ///< entries_ are not stored yet.
  bool torn_ = false;                 ///< The ledger threw in the middle of a batch.
  LedgerEntries entries_;
  std::string state_;
};

}  // namespace wl
