// From records to the spool, and from the spool to the database: nothing acknowledged gets lost.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/backlog.hpp"
#include "collector/forward/joiner.hpp"
#include "collector/forward/point_names.hpp"
#include "collector/now.hpp"
#include "model/plant.hpp"
#include "storage/spool/spool.hpp"

namespace wl::collector {

struct ForwardOptions {
  storage::spool::SpoolOptions spool;   ///< capacity_bytes: DATA_CACHE_SIZE.
  Milliseconds batch_interval{10'000};  ///< BATCH_WRITE_INTERVAL
  /// A batch is closed at this size, so that one transaction stays short while much is drained.
  std::size_t batch_samples = 50'000;
  /// Records that wait in memory while the spool's disk refuses; then the oldest gives its samples
  /// up, and its time becomes a gap.
  std::size_t waiting_bytes = 32'000'000;
};

/// What is to be done now.
struct ForwardActions {
  std::optional<std::uint64_t> durable;  ///< Every record up to this seq is on disk.
  /// Store it; answer by on_written or on_failed. The same one comes again after a failure.
  std::shared_ptr<const Record> write;
  std::vector<std::string> notices;  ///< For the log: damage, loss, a disk that refuses.
};

struct ForwardFigures {
  std::uint64_t spool_bytes = 0;
  std::uint64_t spool_capacity = 0;
  std::uint64_t durable_seq = 0;
  std::uint64_t stored_seq = 0;      ///< The database has everything up to here.
  std::size_t records_waiting = 0;   ///< In memory, for the spool.
  std::uint64_t samples_stored = 0;  ///< Since the start.
  std::uint64_t batches_stored = 0;
  std::uint64_t samples_dropped = 0;  ///< The spool's disk refused for so long.
  std::uint64_t records_lost = 0;     ///< Numbers of records that the spool lost: full or damaged.
  std::uint64_t records_dropped = 0;  ///< Of these: it was full.
  std::uint64_t samples_unknown = 0;  ///< Of points that plant.json no longer has.
  std::optional<Timestamp> stored_until;  ///< Time that the database covers.
  bool drained = true;                    ///< Everything is in the database.
  bool earlier_stored = true;  ///< What the spool held when it was opened is in the database.
  bool spool_full = false;     ///< Records were dropped since the database took the last batch.
  bool database_open = false;  ///< begin() was called.
  std::string database_error;  ///< Of the last batch; empty when it was stored.
  std::string spool_error;     ///< Of the last sync; empty when it succeeded.
};

/// Store and forward, on the deterministic side of the files' seam: the same calls and the same
/// answers of the disk give the same actions. One thread owns it; calls block on the disk.
///
/// Promise: what `durable` named reaches the database once, in order (the database keeps a
/// (source, seq) once); or its time becomes a gap with the cause, when the spool was full or
/// damaged.
class StoreAndForward {
 public:
  /// Opens the spool. Errors: those of Spool::open, and of writing the list of points. `files` and
  /// `plant` must outlive it.
  static Result<std::unique_ptr<StoreAndForward>> open(storage::spool::SpoolFiles& files,
                                                       const Plant& plant, ForwardOptions options);

  /// The newest time that records on the disk cover; nothing when they are all stored.
  std::optional<Timestamp> covered_until() const { return spooled_until_; }
  /// Numbers of this process must be above.
  std::uint64_t last_seq() const { return spool_->last_seq(); }

  /// The database is there, and ends at this time and number. Also a second time, after it was
  /// replaced by another.
  void on_database(std::optional<Timestamp> covered_until, std::uint64_t last_seq, Now now);
  /// It is not there yet; for the figures.
  void on_database_away(const std::string& reason);

  void on_record(Record record);
  void on_written(std::uint64_t seq, Now now);
  void on_failed(std::uint64_t seq, const std::string& error, Now now);

  /// Syncs what came and forms a batch when one is due. Call it after the events of each round.
  void on_time(Now now);
  /// The next batch at once, whatever its age.
  void on_stop(Now now);

  ForwardActions take_actions();
  Milliseconds next_due() const;
  /// Everything is on disk.
  bool settled() const;
  /// Everything is in the database.
  bool drained() const;
  ForwardFigures figures() const;

 private:
  StoreAndForward(storage::spool::SpoolFiles& files, const Plant& plant, ForwardOptions options);

  Result<void> prepare();
  Result<void> keep_names();
  void look_at_newest();
  void sync(Now now);
  void feed_spool();
  void form_batch(Now now);
  std::vector<storage::spool::SpoolRecord> read_spool();
  void add_record(const storage::spool::SpoolRecord& record);
  Result<const std::vector<std::optional<PointId>>*> points_of(std::uint32_t id);
  void hear_spool();
  void refuse(const std::string& error, Now now);

  storage::spool::SpoolFiles& files_;
  const Plant& plant_;
  const ForwardOptions options_;
  const PointNames names_;
  std::unique_ptr<storage::spool::Spool> spool_;
  Backlog waiting_;
  Joiner joiner_;
  std::map<std::uint32_t, std::vector<std::optional<PointId>>> known_points_;
  std::shared_ptr<const Record> batch_;  ///< Until it is stored.
  bool in_flight_ = false;
  int read_failures_ = 0;           ///< In a row.
  bool hurry_ = false;              ///< Alarms came: the next batch within a second.
  Milliseconds last_batch_{-1000};  ///< When it was formed.
  bool more_ = false;               ///< The spool had more than one batch holds.
  std::uint64_t told_durable_ = 0;
  std::uint64_t opened_seq_ = 0;  ///< The newest record that processes before us left.
  std::optional<Timestamp> spooled_until_;
  Milliseconds next_batch_{};
  Milliseconds next_write_{};
  Milliseconds write_backoff_{};
  Milliseconds next_sync_{};
  ForwardActions actions_;
  ForwardFigures figures_;
};

}  // namespace wl::collector
