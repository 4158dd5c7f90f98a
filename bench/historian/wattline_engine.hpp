// Our own store as an engine: all that the collector does between a sample and the disk.
#pragma once

#include "collector/ledger/ledger.hpp"
#include "engine.hpp"
#include "storage/store.hpp"

namespace wl::bench {

/// Seconds that each part of the writing took since the engine began.
struct WriteCost {
  double ledger = 0;  ///< Counter rules, and the ledger's state as bytes.
  double batch = 0;   ///< write_batch: hot parts, rollups, ledger rows, sync.
  double upkeep = 0;  ///< Folding full hours into chunks.
  double longest_batch = 0;
  double longest_upkeep = 0;    ///< One step of it.
  std::size_t state_bytes = 0;  ///< Of the newest state of the ledger.
};

class Wattline : public Engine {
 public:
  Wattline(const Plant& plant, const Places& places);  ///< On a new SQLite file.
  /// The database has our schema and nothing in it.
  Wattline(const Plant& plant, storage::DatabaseOptions options);

  std::string_view name() const override {
    return options_.mysql ? "Wattline on MariaDB" : "Wattline";
  }
  void prepare(std::span<const std::span<const Sample>> batches) override;
  /// Ledger, one synced transaction, then upkeep until there is none left to do.
  void write(std::size_t batch) override;
  /// The parts of write(): the batch alone, and one step of upkeep. False: nothing is left to do.
  void write_batch(std::size_t batch);
  bool keep_up();
  std::unique_ptr<Reader> reader() override;
  void settle() override;
  std::uint64_t disk_bytes() const override;  ///< Of SQLite's file.
  std::uint64_t stored_samples() override;

  const WriteCost& cost() const { return cost_; }
  std::uint64_t log_bytes() const;  ///< The write-ahead log's.

 private:
  const Plant& plant_;
  storage::DatabaseOptions options_;
  std::unique_ptr<storage::CollectorStore> store_;
  collector::ledger::Ledger ledger_;
  std::vector<std::vector<Sample>> batches_;
  std::uint64_t seq_ = 0;
  Timestamp alive_from_{};  ///< End of the newest batch.
  WriteCost cost_;
};

}  // namespace wl::bench
