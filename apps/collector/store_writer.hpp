// The thread that owns the collector's Store.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "apps/collector/batch_ledger.hpp"
#include "apps/collector/batch_oee.hpp"
#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "collector/desk/alarm_desk.hpp"
#include "collector/record.hpp"
#include "storage/archive/chunk_archive.hpp"
#include "storage/store.hpp"

namespace wl {

struct WriteDone {
  std::uint64_t seq = 0;
  std::string error;  ///< Empty: the batch is on disk.
  Milliseconds took{};
  std::optional<OeeFigures> oee = {};  ///< The running shift with this batch; also when it failed.
};

/// Where the record in the database ends.
struct DatabaseOpened {
  std::uint64_t last_seq = 0;  ///< Of this collector's source.
  std::optional<Timestamp> covered_until;
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
    std::unique_ptr<BatchOee> oee = nullptr;  ///< Null: no OEE is computed.
    std::string source;
    storage::RetentionRules rules;
    std::unique_ptr<storage::ChunkArchive> archive;  ///< Of `rules`; may be null.
    std::function<Timestamp()> clock = wall_now;     ///< Called on the writer's thread.
    /// Until the next step when there is nothing more to do; else as long as the step took, at
    /// most this.
    Milliseconds upkeep_pause{10'000};
    Milliseconds dedup_window{5 * 60'000};  ///< ALARM_DEDUP_WINDOW
    bool upkeep_at_end = false;             ///< The last batch is followed by all upkeep there is.
    bool ends_at_failure = false;           ///< Behind a batch that failed none is written.
  };

  /// Called on the writer's thread; none may throw.
  struct Events {
    std::function<void(WriteDone)> done;  ///< Once for each batch.
    /// Before the first batch may come, and only then.
    std::function<void(DatabaseOpened)> opened = [](const DatabaseOpened&) {};
    /// It does not answer; tried again after 1 to 10 s.
    std::function<void(const std::string& reason)> away = [](const std::string&) {};
    /// After `opened`, and for each read_alarms().
    std::function<void(Result<collector::AlarmsInDatabase>)> alarms =
        [](const Result<collector::AlarmsInDatabase>&) {};
  };

  StoreWriter(Parts parts, Events events);
  /// `open` is called until it does not throw: the database may come long after us.
  StoreWriter(std::function<Parts()> open, Events events);
  /// Writes what was handed over, moves the log into the file, ends the thread. While open() waits
  /// for a silent server this waits too.
  ~StoreWriter();

  /// One batch at a time is handed over, so the queue never fills.
  void write(std::shared_ptr<const collector::Record> batch);
  /// Reads rules and open alarms before the next batch; Events::alarms follows, also when the
  /// database is not there. Wishes that meet are one.
  void read_alarms();

  bool opened() const { return opened_; }
  UpkeepFigures upkeep() const { return *upkeep_.get(); }

 private:
  void run();
  bool open_store();
  void tell_opened();
  void work();
  void tell_alarms();
  Result<collector::AlarmsInDatabase> alarms_in_database();
  /// Empty when the batch is on disk.
  std::string try_write(const collector::Record& batch);
  /// One step. False: there is no more to do, or it failed.
  bool keep_up();
  Milliseconds pause_after(bool more, Milliseconds took) const;

  std::function<Parts()> open_;
  Parts parts_;
  const Events events_;
  std::atomic<bool> opened_ = false;
  std::atomic<bool> alarms_wanted_ = false;
  bool ended_ = false;  ///< See Parts::ends_at_failure; the thread only.
  std::string away_;  ///< Why it is not open.
  BoundedQueue<std::shared_ptr<const collector::Record>> waiting_{8, WhenFull::refuse};
  UpkeepFigures figures_;
  SnapshotCell<UpkeepFigures> upkeep_;
  std::thread thread_;
};

}  // namespace wl
