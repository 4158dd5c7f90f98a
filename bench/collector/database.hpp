// A new SQLite database behind the collector's own StoreWriter.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>

#include "apps/collector/store_writer.hpp"
#include "base/bounded_queue.hpp"
#include "batch_sink.hpp"

namespace wl::bench {

/// Each batch with its ledger, OEE and rollups in one synced transaction; upkeep between batches.
/// All that a running collector does, on the writer's thread and the virtual clock.
class Database : public BatchSink {
 public:
  using AlarmsSink = std::function<void(Result<collector::AlarmsInDatabase>)>;

  /// `alarms` hears rules and open alarms, on the writer's thread. `prepare` may put rules into the
  /// database before the writer opens it. `plant` must outlive it.
  Database(
      const Plant& plant, const std::filesystem::path& folder, Timestamp start,
      AlarmsSink alarms = [](const Result<collector::AlarmsInDatabase>&) {},
      const std::function<void(const storage::DatabaseOptions&)>& prepare = {});

  void store(std::shared_ptr<const collector::Record> batch, Timestamp now) override;
  void read_alarms() { writer_->read_alarms(); }

  const storage::DatabaseOptions& options() const { return options_; }
  std::uint64_t alarm_rows() const { return alarm_rows_; }  ///< Written, one row maybe often.
  std::uint64_t chunks() const { return writer_->upkeep().chunks_written; }
  std::uint64_t bytes() const;  ///< Of the file and its log.

 private:
  StoreWriter::Events events(AlarmsSink alarms);

  const storage::DatabaseOptions options_;
  std::atomic<std::int64_t> clock_ms_;  ///< For the writer's thread.
  std::uint64_t alarm_rows_ = 0;
  BoundedQueue<WriteDone> done_{16, WhenFull::refuse};
  std::unique_ptr<StoreWriter> writer_;
};

}  // namespace wl::bench
