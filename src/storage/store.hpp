// What the system keeps: samples, latest values, link history. The interface of both backends.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/alarm_row.hpp"
#include "model/energy_ledger.hpp"
#include "model/link_interval.hpp"
#include "model/oee.hpp"
#include "model/plant.hpp"
#include "model/sample.hpp"

namespace wl::storage {

using wl::LinkInterval;

/// What one batch brings. (source, seq) is the exactly-once key: a batch that was written before
/// is skipped and reported as success.
struct Batch {
  std::string source;  ///< Who collected it: the collector's spool identity.
  std::uint64_t seq = 0;
  std::vector<Sample> samples;          ///< In any order; late ones and repetitions are welcome.
  std::vector<LinkInterval> intervals;  ///< Adjoining ones of the same kind and cause are joined;
                                        ///< time that is already covered keeps what it had.
  LedgerEntries ledger;                 ///< What these samples change in the energy ledger.
  std::string ledger_state;  ///< Replaces the saved one when not empty; see ledger_state().
  std::vector<AlarmRow> alarms = {};  ///< Whole rows; of two with one id the later one stays.
  std::vector<AlarmJournalRow> alarm_journal = {};  ///< In the order in which it happened.
  OeeEntries oee = {};       ///< What these samples change in the OEE of the line.
  std::string oee_state{};   ///< As ledger_state, of the OEE; see oee_state().
};

struct RawQuery {
  std::vector<PointId> points;
  Timestamp from{};               ///< Inclusive.
  Timestamp to{};                 ///< Exclusive.
  std::uint32_t limit = 100'000;  ///< Samples at most over all points; at least one a point.
};

struct RawSeries {
  PointId point;
  std::optional<Sample> before;  ///< The value held at `from`, if one is known.
  std::vector<Sample> samples;   ///< Changes in [from, to), in time order.
};

struct RawAnswer {
  std::vector<RawSeries> series;        ///< In the order of the query.
  std::vector<LinkInterval> intervals;  ///< All that touch [from, to), in time order.
  bool cut = false;                     ///< The limit was reached.
  Timestamp complete_to{};  ///< All series are whole in [from, complete_to): ask on from here when
                            ///< cut; equals the query's `to` otherwise.
};

/// Length of the buckets of a statistic. Days, weeks (from Monday) and months are those of the
/// plant's time zone, with 23 or 25 hours where the clock changes.
enum class Interval { minute, quarter, hour, day, week, month };

struct StatisticsQuery {
  std::vector<PointId> points;
  Timestamp from{};  ///< Inclusive; the first bucket is the one that holds it.
  Timestamp to{};    ///< Exclusive.
  /// Nothing: the finest that gives at most `max_buckets`.
  std::optional<Interval> interval;
  std::size_t max_buckets = 2000;  ///< A series; `invalid_argument` when `interval` gives more.
};

/// Sample and hold: a value holds until the next sample, as long as life is proven. Without a
/// usable value, held or sampled, the statistics are nothing (a gap), never 0.
struct StatisticsBucket {
  Timestamp from{};
  Timestamp to{};            ///< The whole bucket, also where it sticks out of the query.
  std::uint64_t count = 0;   ///< Samples in it, bad ones included.
  std::uint64_t usable = 0;  ///< Samples with a number.
  double sum = 0;            ///< Of those.
  std::optional<double> min;
  std::optional<double> max;
  std::optional<double> mean;  ///< Time-weighted over the time that a usable value was held.
  std::optional<double> first;
  std::optional<double> last;
  double good_share = 0;  ///< Part of the bucket with a usable value and proven life, 0 to 1.
};

struct StatisticsSeries {
  PointId point;
  std::vector<StatisticsBucket> buckets;  ///< Every bucket of the range, in order.
};

struct StatisticsAnswer {
  Interval interval = Interval::minute;  ///< The one that was used.
  std::vector<StatisticsSeries> series;  ///< In the order of the query.
  std::vector<LinkInterval> intervals;   ///< All that touch [from, to), in time order.
};

struct EnergyQuery {
  std::vector<DeviceId> devices;
  Timestamp from{};
  Timestamp to{};
  Interval interval = Interval::hour;  ///< Not minute: the ledger has 15-minute buckets.
  std::size_t max_buckets = 2000;
};

/// Energy of one device in one bucket. Buckets without an entry of the ledger have coverage 0.
struct EnergySum {
  Timestamp from{};
  Timestamp to{};
  std::int64_t milli_wh = 0;
  EnergyMethod method = EnergyMethod::counter;  ///< The weakest of its parts.
  double coverage = 0;                          ///< Part of the bucket that was seen, 0 to 1.
  bool uncertain = false;
};

struct EnergySeries {
  DeviceId device;
  std::vector<EnergySum> buckets;
};

/// Lengths that OEE is summed over. A shift is one of plant.json; without shifts a local day.
enum class OeePeriod { quarter, hour, day, week, month, shift };

struct OeeQuery {
  Timestamp from{};  ///< Inclusive; the first bucket is the one that holds it.
  Timestamp to{};    ///< Exclusive.
  OeePeriod period = OeePeriod::hour;
  std::size_t max_buckets = 20'000;  ///< `invalid_argument` when there are more.
};

struct OeeBucket {
  Timestamp from{};
  Timestamp to{};        ///< The whole bucket, also where it sticks out of the query.
  LocalText shift = {};  ///< Name of the shift; empty for other periods.
  OeeSums sums = {};
};

struct OeeAnswer {
  std::vector<OeeBucket> buckets;  ///< Every one of the range in order; of shifts those there are.
  OeeSums total;                   ///< Of the quarter hours that begin in the range or hold `from`.
};

class ChunkArchive;  // archive/chunk_archive.hpp

/// What is kept how long. Rollups of 15 min and 1 h and the ledger stay for ever.
struct RetentionRules {
  std::optional<Milliseconds> raw;                ///< Nothing: for ever.
  Milliseconds minutes = std::chrono::days{400};  ///< Rollups of 1 min.
  Milliseconds alarms = std::chrono::days{400};   ///< After their end, and their journal.
  /// Gets each hour of raw chunks before it is removed; null: they are removed for good. Must
  /// outlive the call.
  ChunkArchive* archive = nullptr;
};

/// One step of upkeep, bounded so that the next batch does not wait long.
struct UpkeepReport {
  std::size_t chunks_written = 0;
  std::size_t chunks_removed = 0;
  bool more = false;  ///< Call again soon.
};

/// One process's access to the database. Not thread-safe: one thread owns a Store. Only the
/// collector writes samples; it alone checkpoints the WAL. Errors: `unavailable` (locked longer
/// than the busy time-out, disk full), `corrupt` (names the file), `permission`.
class Store {
 public:
  virtual ~Store() = default;

  /// One transaction: when it returns success the batch is on disk (synced), when it fails nothing
  /// of it is stored. Two samples of one point with the same source time: the later one stays.
  virtual Result<void> write_batch(const Batch& batch) = 0;
  /// The highest seq stored for a source; 0 when none.
  virtual Result<std::uint64_t> last_seq(const std::string& source) = 0;
  /// The newest sample of every point that has one.
  virtual Result<std::vector<Sample>> latest() = 0;
  virtual Result<RawAnswer> read_raw(const RawQuery& query) = 0;
  /// Reads rollups only, however long the range.
  virtual Result<StatisticsAnswer> statistics(const StatisticsQuery& query) = 0;
  virtual Result<std::vector<EnergySeries>> energy(const EnergyQuery& query) = 0;
  /// Meter events with `at` in [from, to), in time order, `limit` at most.
  virtual Result<std::vector<MeterEvent>> meter_events(Timestamp from, Timestamp to,
                                                       std::size_t limit) = 0;
  /// OEE of the line: sums of quarter hours, never means of percentages.
  virtual Result<OeeAnswer> oee(const OeeQuery&) { return OeeAnswer{}; }
  /// Stops that touch [from, to), in time order, `limit` at most.
  virtual Result<std::vector<OeeStop>> oee_stops(Timestamp, Timestamp, std::size_t) {
    return std::vector<OeeStop>{};
  }
  /// First and last source time ever stored over all points; nothing in an empty database.
  virtual Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() = 0;
  /// Flushes the write-ahead log into the database file. Collector only.
  virtual Result<void> checkpoint() = 0;
};

/// The collector's own access: the only one that moves the write-ahead log into the file.
class CollectorStore : public Store {
 public:
  /// Up to when link intervals are recorded; nothing before the first batch. What lies between
  /// this and the start of a collector is a gap.
  virtual Result<std::optional<Timestamp>> covered_until() = 0;
  /// As the last batch that had one left it; empty before.
  virtual Result<std::string> ledger_state() = 0;
  /// All of `thresholds`, as they stand; alarm::usable_rules() makes rules of them.
  virtual Result<std::vector<ThresholdRow>> rules() = 0;
  /// For a start, by id: every row that is not normal, also older ones of an alarm that was raised
  /// again, and the newest of an alarm where it was announced at or after `announced_since`
  /// (now − ALARM_DEDUP_WINDOW).
  virtual Result<std::vector<AlarmRow>> open_alarms(Timestamp announced_since) = 0;
  /// The greatest `alarms.id`; 0 without one. It never falls.
  virtual Result<std::uint64_t> last_alarm_id() = 0;
  /// As ledger_state(), of the OEE.
  virtual Result<std::string> oee_state() { return std::string(); }
  /// Folds full hours into chunks and removes what `rules` no longer keep, a small step at a time.
  /// Call it between batches, and again while `more`. `now` is the wall clock's time.
  virtual Result<UpkeepReport> upkeep(Timestamp now, const RetentionRules& rules) = 0;
};

/// A MariaDB or MySQL server, or the nodes of one cluster.
struct MysqlOptions {
  std::vector<std::string> hosts;  ///< `host` or `host:port`, tried in order; the next one when
                                   ///< one does not answer.
  std::uint16_t port = 3306;
  std::string user;
  std::string password;
  std::string database;
  int pool_size = 10;               ///< Connections kept.
  int max_overflow = 20;            ///< Further ones when all are busy; closed after use.
  Milliseconds recycle{3'600'000};  ///< Age at which a connection is replaced.
  Milliseconds timeout{10'000};     ///< Of a connect, read or write; Galera stalls for 6.5 s.
};

class ConnectionPool;

struct PoolFigures {
  std::size_t in_use = 0;
  std::size_t idle = 0;   ///< Open and waiting for use.
  std::size_t limit = 0;  ///< pool_size + max_overflow.
};

/// Opens nothing yet. `lock_wait`: how long a statement waits for another one's lock.
Result<std::shared_ptr<ConnectionPool>> make_connection_pool(const MysqlOptions& options,
                                                             Milliseconds lock_wait);
PoolFigures pool_figures(const ConnectionPool& pool);

struct DatabaseOptions {
  std::string sqlite_path;          ///< Used when `mysql` is not set.
  Milliseconds busy_timeout{5000};  ///< How long a call waits for another process's lock.
  std::optional<MysqlOptions> mysql = std::nullopt;
  std::string time_zone = "UTC";  ///< IANA zone of days, weeks and months.
  /// The connections that all stores of a process share. Null: each store makes its own.
  std::shared_ptr<ConnectionPool> pool = nullptr;
};

struct MigrationReport {
  int from_version = 0;
  int to_version = 0;
  std::vector<std::string> steps = {};  ///< Names of those that were done, or would be.
};

enum class MigrationMode {
  apply,
  dry_run,  ///< Changes nothing; the report tells what `apply` would do.
};

/// Hears the name of a step that takes long and the share of it that is done, 0 to 1.
using MigrationProgress = std::function<void(const std::string& step, double share)>;

/// Creates the file (mode 0600), or the tables on a server, and brings the schema up to date;
/// idempotent. Refuses with the path or the server and the next step, and leaves all as it is:
/// `conflict` for a newer schema or another program's database, `corrupt` for a damaged or other
/// file.
///
/// A file of schema 1 has its samples converted hour by hour; killed, it goes on there.
Result<MigrationReport> migrate(const DatabaseOptions& options,
                                MigrationMode mode = MigrationMode::apply,
                                const MigrationProgress& progress = {});

/// `plant` must outlive the Store. `not_found` when the database was not initialised.
Result<std::unique_ptr<Store>> open_store(const DatabaseOptions& options, const Plant& plant);
/// For the collector process only; see CollectorStore.
Result<std::unique_ptr<CollectorStore>> open_collector_store(const DatabaseOptions& options,
                                                             const Plant& plant);

}  // namespace wl::storage
