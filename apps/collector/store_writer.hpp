// The thread that owns the collector's Store.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "apps/collector/batch_ledger.hpp"
#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "collector/backlog.hpp"
#include "storage/archive/chunk_archive.hpp"
#include "storage/store.hpp"

namespace wl {

struct WriteDone {
  std::uint64_t seq = 0;
  std::string error;  ///< Empty: the batch is on disk.
  Milliseconds took{};
};

/// What upkeep did since the start.
struct UpkeepFigures {
  std::uint64_t chunks_written = 0;
  std::uint64_t chunks_removed = 0;
  std::string error;  ///< Of the last step; empty when it succeeded.
  Milliseconds longest_step{};
};

/// Writes one batch after the other, under this collector's source id, with what each changes in
/// the energy ledger; between batches it keeps the database small and fast.
class StoreWriter {
 public:
  struct Parts {
    std::unique_ptr<storage::CollectorStore> store;
    std::unique_ptr<BatchLedger> ledger;
    std::string source;
    storage::RetentionRules rules;
    std::unique_ptr<storage::ChunkArchive> archive;  ///< Of `rules`; may be null.
    std::function<Timestamp()> clock = wall_now;     ///< Called on the writer's thread.
    /// Until the next step when there is nothing more to do; else as long as the step took, at
    /// most this.
    Milliseconds upkeep_pause{10'000};
    bool upkeep_at_end = false;  ///< The last batch is followed by all upkeep there is.
  };

  /// `done` is called on the writer's thread, once for each batch; it must not throw.
  StoreWriter(Parts parts, std::function<void(WriteDone)> done);
  ~StoreWriter();  ///< Writes what was handed over, moves the log into the file, ends the thread.

  /// The core hands over one batch at a time, so the queue never fills.
  void write(std::shared_ptr<const collector::CollectedBatch> batch);

  UpkeepFigures upkeep() const { return *upkeep_.get(); }

 private:
  void run();
  /// Empty when the batch is on disk.
  std::string try_write(const collector::CollectedBatch& batch);
  /// One step. False: there is no more to do, or it failed.
  bool keep_up();
  Milliseconds pause_after(bool more, Milliseconds took) const;

  Parts parts_;
  const std::function<void(WriteDone)> done_;
  BoundedQueue<std::shared_ptr<const collector::CollectedBatch>> waiting_{4, WhenFull::refuse};
  UpkeepFigures figures_;
  SnapshotCell<UpkeepFigures> upkeep_;
  std::thread thread_;
};

}  // namespace wl
