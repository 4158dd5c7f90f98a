// The rows of the historian and what may be done with them: the one thing a backend implements.
//
// Everything that has a decision in it (which hour, what is late, how buckets are joined) is
// written once, in historian/, above this interface. A backend turns each call into a bound
// statement or a few. All times are UTC milliseconds. Internal to the room: nobody outside
// src/storage sees it.
//
// Errors: every call may throw DatabaseError, with the file or host and the next step in its text.
// Not thread-safe: one thread owns a Tables.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/strong_id.hpp"
#include "base/time.hpp"
#include "model/energy_ledger.hpp"
#include "model/link_interval.hpp"
#include "storage/alarm_tables.hpp"
#include "model/oee.hpp"
#include "storage/rollup/bucket.hpp"

namespace wl::storage {

class DatabaseError : public std::exception {
 public:
  explicit DatabaseError(Error error) : error_(std::move(error)) {}
  const Error& error() const { return error_; }
  const char* what() const noexcept override { return error_.what.c_str(); }

 private:
  Error error_;
};

/// Number of a point or device in the database: given once by key, never reused; from 1.
using PointRow = StrongId<struct PointRowTag>;
using DeviceRow = StrongId<struct DeviceRowTag>;

struct NamedRow {
  std::uint32_t row = 0;
  std::string key;
};

/// Samples of one batch, of up to 64 points (a segment: point row / 64) and one sample hour.
struct HotPart {
  std::uint32_t segment = 0;
  Timestamp hour{};
  std::int64_t batch = 0;  ///< ingest_batch.id; the higher one wins where times are equal.
  std::string body;        ///< historian/hot_part.hpp
};

struct HotHour {
  std::uint32_t segment = 0;
  Timestamp hour{};
};

struct ChunkRow {
  PointRow point;
  Timestamp hour{};
  std::string body;  ///< chunk/chunk.hpp

  bool operator==(const ChunkRow&) const = default;
};

/// The newest sample by source time. `value` is finite.
struct LatestRow {
  PointRow point;
  Timestamp source_time{};
  double value = 0;
  std::uint32_t quality = 0;
};

/// The buckets of a point that newer samples may still join, one a tier.
struct OpenRow {
  PointRow point;
  std::string body;  ///< rollup/bucket_codec.hpp
};

/// Closed minute buckets of one minute and the points of a segment, until the hour is folded: so a
/// minute costs one row for 64 points, and not 64 blocks that are read, grown and written again.
struct HotMinute {
  std::uint32_t segment = 0;
  Timestamp minute{};
  std::string body;  ///< historian/hot_minutes.hpp
};

struct BlockRow {
  Tier tier = Tier::minute;
  PointRow point;
  Timestamp start{};
  std::string body;  ///< rollup/bucket_codec.hpp
};

/// One row behind the SQL view energy_data. What is not known is NULL.
struct DeviceMinute {
  DeviceRow device;
  Timestamp minute{};
  std::optional<double> power_kw;    ///< Time-weighted mean.
  std::optional<double> energy_kwh;  ///< Counter at the end of the minute.
  std::optional<std::string> status;
};

/// One row behind the SQL view production_data.
struct ProductionMinute {
  Timestamp minute{};
  std::optional<double> product_count;
  std::optional<double> reject_count;
  std::optional<double> runtime_seconds;
  std::optional<double> downtime_seconds;
};

struct EnergyRow {
  DeviceRow device;
  Timestamp start{};
  std::int64_t milli_wh = 0;
  EnergyMethod method = EnergyMethod::counter;
  std::int32_t covered_ms = 0;
  bool uncertain = false;
};

/// The 96 quarter hours of a UTC day in one row, so that a year is 365 rows: a copy of the rows of
/// energy_ledger, renewed in their transaction.
struct EnergyDayRow {
  DeviceRow device;
  Timestamp day{};
  std::string body;  ///< historian/energy_day.hpp
};

/// A MeterEvent. The key is (device, at, kind, revision); put_events replaces.
struct EventRow {
  DeviceRow device;
  MeterEventKind kind = MeterEventKind::held;
  Timestamp at{};
  std::int64_t before = 0;
  std::int64_t after = 0;
  std::uint32_t revision = 0;
  MeterEventKind voided = MeterEventKind::held;
};

enum class Access {
  read,   ///< One snapshot over several reads.
  write,  ///< Takes the write lock at once.
};

class Tables {
 public:
  virtual ~Tables() = default;

  // One transaction at a time. Reads outside of one see each its own moment.
  virtual void begin(Access access) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;  ///< Does nothing without a transaction.

  // Names. make_* return the number that a key has or now gets.
  virtual std::vector<NamedRow> points() = 0;
  virtual std::vector<NamedRow> devices() = 0;
  virtual DeviceRow make_device(const std::string& key) = 0;
  virtual PointRow make_point(const std::string& key, DeviceRow device,
                              const std::string& unit) = 0;

  // Exactly once. claim_batch returns the batch's id, or nothing when (source, seq) is known:
  // stored, or older than the newest 10,000 of its source, which is all that is remembered.
  virtual std::optional<std::int64_t> claim_batch(const std::string& source, std::uint64_t seq,
                                                  std::uint64_t samples) = 0;
  virtual std::uint64_t last_seq(const std::string& source) = 0;  ///< 0: none.

  // Facts: small named values that belong to the database as a whole.
  virtual std::optional<std::string> fact(const std::string& name) = 0;
  virtual void put_fact(const std::string& name, const std::string& value) = 0;

  // Raw samples: hot parts, and the chunks that they are folded into. put_* replace.
  virtual void put_hot(std::span<const HotPart> parts) = 0;
  /// Of hours in [from, to), ordered by hour and batch.
  virtual std::vector<HotPart> hot(std::uint32_t segment, Timestamp from, Timestamp to) = 0;
  /// Distinct, of hours before `before`, oldest first.
  virtual std::vector<HotHour> hot_hours(Timestamp before, std::size_t limit) = 0;
  virtual void drop_hot(const HotHour& hour) = 0;
  virtual void put_chunks(std::span<const ChunkRow> chunks) = 0;
  /// Of hours in [from, to) in order.
  virtual std::vector<ChunkRow> chunks(PointRow point, Timestamp from, Timestamp to,
                                       std::size_t limit) = 0;
  virtual std::optional<ChunkRow> chunk_before(PointRow point, Timestamp hour) = 0;
  /// Chunks of one hour in the order of points, from the point `first` on.
  virtual std::vector<ChunkRow> chunks_of_hour(Timestamp hour, PointRow first,
                                               std::size_t limit) = 0;
  /// The oldest hour at or after `from` that has a chunk.
  virtual std::optional<Timestamp> oldest_chunk_hour(Timestamp from) = 0;
  /// Removes chunks of hours before `before`, oldest first, about `limit` at most; gives freed
  /// pages back to the file system. Returns how many; 0 when there are no more.
  virtual std::size_t drop_chunks(Timestamp before, std::size_t limit) = 0;
  /// Removes the chunks of these points and of this hour, and nothing else; gives freed pages back.
  virtual void drop_chunks_of_hour(Timestamp hour, std::span<const PointRow> points) = 0;

  // The newest value of each point.
  virtual void put_latest(std::span<const LatestRow> rows) = 0;
  virtual std::vector<LatestRow> latest() = 0;

  // Rollups.
  virtual void put_open(std::span<const OpenRow> rows) = 0;
  virtual std::vector<OpenRow> open_all() = 0;
  virtual std::optional<OpenRow> open_of(PointRow point) = 0;
  /// Bytes for a minute that is there are put behind its own.
  virtual void append_hot_minutes(std::span<const HotMinute> minutes) = 0;
  /// Of minutes in [from, to) in order.
  virtual std::vector<HotMinute> hot_minutes(std::uint32_t segment, Timestamp from,
                                             Timestamp to) = 0;
  virtual void drop_hot_minutes(const HotHour& hour) = 0;
  virtual void put_blocks(std::span<const BlockRow> rows) = 0;
  /// Of block starts in [from, to) in order.
  virtual std::vector<BlockRow> blocks(Tier tier, PointRow point, Timestamp from, Timestamp to) = 0;
  virtual std::optional<BlockRow> block_before(Tier tier, PointRow point, Timestamp start) = 0;
  /// The blocks of many points at one start, those that exist.
  virtual std::vector<BlockRow> blocks_at(Tier tier, Timestamp start,
                                          std::span<const PointRow> points) = 0;
  virtual std::size_t drop_blocks(Tier tier, Timestamp before, std::size_t limit) = 0;

  // Behind the SQL views energy_data and production_data.
  virtual void put_device_minutes(std::span<const DeviceMinute> rows) = 0;
  virtual void put_production_minutes(std::span<const ProductionMinute> rows) = 0;
  virtual std::size_t drop_minutes(Timestamp before, std::size_t limit) = 0;

  // The energy ledger.
  virtual void put_energy(std::span<const EnergyRow> rows) = 0;
  virtual std::vector<EnergyRow> energy(DeviceRow device, Timestamp from, Timestamp to) = 0;
  virtual void put_energy_days(std::span<const EnergyDayRow> rows) = 0;
  virtual std::vector<EnergyDayRow> energy_days(DeviceRow device, Timestamp from, Timestamp to) = 0;
  virtual void put_events(std::span<const EventRow> rows) = 0;
  virtual std::vector<EventRow> events(Timestamp from, Timestamp to, std::size_t limit) = 0;

  /// Alarms, their journal and thresholds: rows of the same database and transaction.
  virtual AlarmTables& alarms() = 0;
  // OEE of the line.
  virtual void put_oee_quarters(std::span<const OeeQuarter> quarters) = 0;
  /// Of starts in [from, to) in order.
  virtual std::vector<OeeQuarter> oee_quarters(Timestamp from, Timestamp to) = 0;
  /// Removes the stops that start at `from` or later, then puts these.
  virtual void replace_oee_stops(Timestamp from, std::span<const OeeStop> stops) = 0;
  /// Touching [from, to), in order. Stops are disjoint.
  virtual std::vector<OeeStop> oee_stops(Timestamp from, Timestamp to, std::size_t limit) = 0;

  // Proven life and gaps: disjoint; joining is done above (historian/link_timeline.hpp).
  virtual void put_link(const LinkInterval& interval) = 0;  ///< Replaces the one with this `from`.
  virtual void remove_link(Timestamp from) = 0;
  virtual std::optional<LinkInterval> link_at_or_before(Timestamp at) = 0;
  virtual std::optional<LinkInterval> link_after(Timestamp at) = 0;
  virtual std::vector<LinkInterval> links(Timestamp from,
                                          Timestamp to) = 0;  ///< Touching, in order.
  virtual std::optional<Timestamp> links_end() = 0;

  /// Of what its errors tell, for a person: `data/wattline.db`, `energy_management at db1:3306`.
  virtual std::string place() const = 0;

  // Upkeep.
  /// Gives free pages back to the file system, a slice of some milliseconds. True when more are to
  /// be given back: folding leaves many in a file that was filled quickly.
  virtual bool give_back_space() = 0;
  virtual void checkpoint() = 0;           ///< SQLite: moves the write-ahead log into the file.
  virtual std::uint64_t size_bytes() = 0;  ///< On disk.
  /// The engine's own integrity check; a line for each fault, none when sound.
  virtual std::vector<std::string> integrity() = 0;
};

}  // namespace wl::storage
