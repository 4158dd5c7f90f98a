// Each call runs its statements and turns SQLite's exceptions into a DatabaseError.
#include "storage/sqlite/sqlite_tables.hpp"

#include <sqlite3.h>

#include <filesystem>

#include "storage/sqlite/alarm_rows.hpp"
#include "storage/sqlite/ledger_rows.hpp"
#include "storage/sqlite/name_rows.hpp"
#include "storage/sqlite/oee_rows.hpp"
#include "storage/sqlite/rollup_rows.hpp"
#include "storage/sqlite/sample_rows.hpp"

namespace wl::storage {
namespace {

/// Pages given back to the file system in one go: 1 MiB to move at most, a few milliseconds.
constexpr int vacuum_slice_pages = 256;
/// Free pages that stay in the file, as a part of it: new chunks take the place of removed ones,
/// and a file that shrinks and grows in turns writes everything twice.
constexpr int free_pages_kept_divisor = 20;
constexpr int most_faults_listed = 100;

class SqliteTables : public Tables {
 public:
  SqliteTables(std::unique_ptr<SQLite::Database> database, std::string path,
               Checkpoints checkpoints)
      : database_(std::move(database)),
        path_(std::move(path)),
        checkpoints_(checkpoints),
        names_(*database_),
        batches_(*database_),
        samples_(*database_),
        chunks_(*database_, "chunks", std::chrono::hours{1}),
        rollups_(*database_),
        energy_(*database_),
        alarms_(*database_, path_),
        oee_(*database_),
        links_(*database_) {}

  void begin(Access access) override {
    run("begin a transaction on",
        [&] { database_->exec(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN"); });
  }
  void commit() override {
    run("write to", [&] { database_->exec("COMMIT"); });
  }
  void rollback() noexcept override {
    batches_.forget_counts();
    if (sqlite3_get_autocommit(database_->getHandle()) == 0) database_->tryExec("ROLLBACK");
  }

  std::vector<NamedRow> points() override {
    return run("read", [&] { return names_.points(); });
  }
  std::vector<NamedRow> devices() override {
    return run("read", [&] { return names_.devices(); });
  }
  DeviceRow make_device(const std::string& key) override {
    return run("write to", [&] { return names_.make_device(key); });
  }
  PointRow make_point(const std::string& key, DeviceRow device, const std::string& unit) override {
    return run("write to", [&] { return names_.make_point(key, device, unit); });
  }
  std::optional<std::int64_t> claim_batch(const std::string& source, std::uint64_t seq,
                                          std::uint64_t samples) override {
    return run("write to", [&] { return batches_.claim(source, seq, samples); });
  }
  std::uint64_t last_seq(const std::string& source) override {
    return run("read", [&] { return batches_.last_seq(source); });
  }
  std::optional<std::string> fact(const std::string& name) override {
    return run("read", [&] { return names_.fact(name); });
  }
  void put_fact(const std::string& name, const std::string& value) override {
    run("write to", [&] { names_.put_fact(name, value); });
  }

  void put_hot(std::span<const HotPart> parts) override {
    run("write to", [&] { samples_.put_hot(parts); });
  }
  std::vector<HotPart> hot(std::uint32_t segment, Timestamp from, Timestamp to) override {
    return run("read", [&] { return samples_.hot(segment, from, to); });
  }
  std::vector<HotHour> hot_hours(Timestamp before, std::size_t limit) override {
    return run("read", [&] { return samples_.hot_hours(before, limit); });
  }
  void drop_hot(const HotHour& hour) override {
    run("write to", [&] { samples_.drop_hot(hour); });
  }

  void put_chunks(std::span<const ChunkRow> chunks) override {
    run("write to", [&] {
      for (const ChunkRow& chunk : chunks) chunks_.put(chunk.point, chunk.hour, chunk.body);
    });
  }
  std::vector<ChunkRow> chunks(PointRow point, Timestamp from, Timestamp to,
                               std::size_t limit) override {
    return run("read", [&] { return as_chunks(chunks_.range(point, from, to, limit)); });
  }
  std::optional<ChunkRow> chunk_before(PointRow point, Timestamp hour) override {
    return run("read", [&]() -> std::optional<ChunkRow> {
      auto row = chunks_.before(point, hour);
      if (!row) return std::nullopt;
      return as_chunk(std::move(*row));
    });
  }
  std::vector<ChunkRow> chunks_of_hour(Timestamp hour, PointRow first, std::size_t limit) override {
    return run("read", [&] { return as_chunks(chunks_.all_at(hour, first, limit)); });
  }
  bool give_back_space() override;
  std::optional<Timestamp> oldest_chunk_hour(Timestamp from) override {
    return run("read", [&] { return chunks_.oldest(from); });
  }
  std::size_t drop_chunks(Timestamp before, std::size_t limit) override {
    return run("write to", [&] {
      const std::size_t dropped = chunks_.drop(before, limit);
      give_back_slice();
      return dropped;
    });
  }
  void drop_chunks_of_hour(Timestamp hour, std::span<const PointRow> points) override {
    run("write to", [&] {
      chunks_.drop_at(hour, points);
      give_back_slice();
    });
  }

  void put_latest(std::span<const LatestRow> rows) override {
    run("write to", [&] { samples_.put_latest(rows); });
  }
  std::vector<LatestRow> latest() override {
    return run("read", [&] { return samples_.latest(); });
  }

  void put_open(std::span<const OpenRow> rows) override {
    run("write to", [&] { rollups_.put_open(rows); });
  }
  std::vector<OpenRow> open_all() override {
    return run("read", [&] { return rollups_.open_all(); });
  }
  std::optional<OpenRow> open_of(PointRow point) override {
    return run("read", [&] { return rollups_.open_of(point); });
  }

  void append_hot_minutes(std::span<const HotMinute> minutes) override {
    run("write to", [&] { rollups_.append_hot_minutes(minutes); });
  }
  std::vector<HotMinute> hot_minutes(std::uint32_t segment, Timestamp from, Timestamp to) override {
    return run("read", [&] { return rollups_.hot_minutes(segment, from, to); });
  }
  void drop_hot_minutes(const HotHour& hour) override {
    run("write to", [&] { rollups_.drop_hot_minutes(hour); });
  }
  void put_blocks(std::span<const BlockRow> rows) override {
    run("write to", [&] {
      for (const BlockRow& row : rows) rollups_.of(row.tier).put(row.point, row.start, row.body);
    });
  }
  std::vector<BlockRow> blocks(Tier tier, PointRow point, Timestamp from, Timestamp to) override {
    return run("read", [&] {
      std::vector<BlockRow> found;
      for (PeriodRow& row : rollups_.of(tier).range(point, from, to, no_limit)) {
        found.push_back(as_block(tier, std::move(row)));
      }
      return found;
    });
  }
  std::optional<BlockRow> block_before(Tier tier, PointRow point, Timestamp start) override {
    return run("read", [&]() -> std::optional<BlockRow> {
      auto row = rollups_.of(tier).before(point, start);
      if (!row) return std::nullopt;
      return as_block(tier, std::move(*row));
    });
  }
  std::vector<BlockRow> blocks_at(Tier tier, Timestamp start,
                                  std::span<const PointRow> points) override {
    return run("read", [&] {
      std::vector<BlockRow> found;
      for (const PointRow point : points) {
        auto row = rollups_.of(tier).at(point, start);
        if (row) found.push_back(as_block(tier, std::move(*row)));
      }
      return found;
    });
  }
  std::size_t drop_blocks(Tier tier, Timestamp before, std::size_t limit) override {
    return run("write to", [&] { return rollups_.of(tier).drop(before, limit); });
  }

  void put_device_minutes(std::span<const DeviceMinute> rows) override {
    run("write to", [&] { rollups_.put_device_minutes(rows); });
  }
  void put_production_minutes(std::span<const ProductionMinute> rows) override {
    run("write to", [&] { rollups_.put_production_minutes(rows); });
  }
  std::size_t drop_minutes(Timestamp before, std::size_t limit) override {
    return run("write to", [&] { return rollups_.drop_minutes(before, limit); });
  }

  void put_energy(std::span<const EnergyRow> rows) override {
    run("write to", [&] { energy_.put(rows); });
  }
  std::vector<EnergyRow> energy(DeviceRow device, Timestamp from, Timestamp to) override {
    return run("read", [&] { return energy_.range(device, from, to); });
  }
  void put_energy_days(std::span<const EnergyDayRow> rows) override {
    run("write to", [&] { energy_.put_days(rows); });
  }
  std::vector<EnergyDayRow> energy_days(DeviceRow device, Timestamp from, Timestamp to) override {
    return run("read", [&] { return energy_.days(device, from, to); });
  }
  void put_events(std::span<const EventRow> rows) override {
    run("write to", [&] { energy_.put_events(rows); });
  }
  std::vector<EventRow> events(Timestamp from, Timestamp to, std::size_t limit) override {
    return run("read", [&] { return energy_.events(from, to, limit); });
  }

  AlarmTables& alarms() override { return alarms_; }
  void put_oee_quarters(std::span<const OeeQuarter> quarters) override {
    run("write to", [&] { oee_.put(quarters); });
  }
  std::vector<OeeQuarter> oee_quarters(Timestamp from, Timestamp to) override {
    return run("read", [&] { return oee_.range(from, to); });
  }
  void replace_oee_stops(Timestamp from, std::span<const OeeStop> stops) override {
    run("write to", [&] { oee_.replace_stops(from, stops); });
  }
  std::vector<OeeStop> oee_stops(Timestamp from, Timestamp to, std::size_t limit) override {
    return run("read", [&] { return oee_.stops(from, to, limit); });
  }

  void put_link(const LinkInterval& interval) override {
    run("write to", [&] { links_.put(interval); });
  }
  void remove_link(Timestamp from) override {
    run("write to", [&] { links_.remove(from); });
  }
  std::optional<LinkInterval> link_at_or_before(Timestamp at) override {
    return run("read", [&] { return links_.at_or_before(at); });
  }
  std::optional<LinkInterval> link_after(Timestamp at) override {
    return run("read", [&] { return links_.after(at); });
  }
  std::vector<LinkInterval> links(Timestamp from, Timestamp to) override {
    return run("read", [&] { return links_.touching(from, to); });
  }
  std::optional<Timestamp> links_end() override {
    return run("read", [&] { return links_.end(); });
  }

  std::string place() const override { return path_; }
  void checkpoint() override;
  std::uint64_t size_bytes() override;
  std::vector<std::string> integrity() override;

 private:
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  template <class Work>
  auto run(std::string_view doing, Work&& work) -> decltype(work()) {
    try {
      return work();
    } catch (const SQLite::Exception& exception) {
      throw DatabaseError(explain(exception, path_, doing));
    }
  }

  static ChunkRow as_chunk(PeriodRow row) { return {row.point, row.start, std::move(row.body)}; }
  static std::vector<ChunkRow> as_chunks(std::vector<PeriodRow> rows) {
    std::vector<ChunkRow> found;
    found.reserve(rows.size());
    for (PeriodRow& row : rows) found.push_back(as_chunk(std::move(row)));
    return found;
  }
  static BlockRow as_block(Tier tier, PeriodRow row) {
    return {tier, row.point, row.start, std::move(row.body)};
  }

  bool give_back_slice();
  std::int64_t pragma(const char* question);
  void collect_faults(const char* question, std::vector<std::string>& faults);

  std::unique_ptr<SQLite::Database> database_;
  std::string path_;
  Checkpoints checkpoints_;
  NameRows names_;
  BatchRows batches_;
  SampleRows samples_;
  PeriodRows chunks_;
  RollupRows rollups_;
  EnergyRows energy_;
  SqliteAlarmTables alarms_;
  OeeRows oee_;
  LinkRows links_;
};

std::int64_t SqliteTables::pragma(const char* question) {
  SQLite::Statement row(*database_, question);
  row.executeStep();
  return row.getColumn(0).getInt64();
}

bool SqliteTables::give_back_slice() {
  const std::int64_t pages = pragma("PRAGMA page_count");
  const std::int64_t spare = pragma("PRAGMA freelist_count") - pages / free_pages_kept_divisor;
  if (spare <= 0) return false;
  const std::int64_t slice = std::min<std::int64_t>(spare, vacuum_slice_pages);
  database_->exec(fmt::format("PRAGMA incremental_vacuum({})", slice));
  return pragma("PRAGMA page_count") < pages && spare > slice;
}

bool SqliteTables::give_back_space() {
  return run("write to", [&] { return give_back_slice(); });
}

void SqliteTables::checkpoint() {
  if (checkpoints_ == Checkpoints::by_the_collector) return;
  run("checkpoint", [&] {
    // TRUNCATE needs all readers to be past; PASSIVE moves what it can and never waits.
    SQLite::Statement(*database_, "PRAGMA wal_checkpoint(PASSIVE)").executeStep();
  });
}

std::uint64_t SqliteTables::size_bytes() {
  std::uint64_t bytes = 0;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path_ + suffix, missing);
    if (!missing) bytes += size;
  }
  return bytes;
}

std::vector<std::string> SqliteTables::integrity() {
  std::vector<std::string> faults;
  run("check", [&] {
    try {
      collect_faults("PRAGMA integrity_check(100)", faults);
      SQLite::Statement orphans(*database_, "PRAGMA foreign_key_check");
      while (orphans.executeStep() && faults.size() < most_faults_listed) {
        faults.push_back(fmt::format(
            "{} row {} names a {} that does not exist", orphans.getColumn(0).getString(),
            orphans.getColumn(1).getInt64(), orphans.getColumn(2).getString()));
      }
    } catch (const SQLite::Exception& exception) {
      if (exception.getErrorCode() != SQLITE_CORRUPT) throw;
      faults.push_back(explain(exception, path_, "check").what);
    }
  });
  return faults;
}

void SqliteTables::collect_faults(const char* question, std::vector<std::string>& faults) {
  SQLite::Statement rows(*database_, question);
  while (rows.executeStep()) {
    const std::string line = rows.getColumn(0).getString();
    if (line != "ok") faults.push_back(line);
  }
}

}  // namespace

std::unique_ptr<Tables> sqlite_tables_on(std::unique_ptr<SQLite::Database> database,
                                         const std::string& path, Checkpoints checkpoints) {
  try {
    return std::make_unique<SqliteTables>(std::move(database), path, checkpoints);
  } catch (const SQLite::Exception& exception) {
    throw DatabaseError(explain(exception, path, "open"));
  }
}

std::unique_ptr<Tables> open_sqlite_tables(const DatabaseOptions& options,
                                           Checkpoints checkpoints) {
  auto database = open_existing(options, checkpoints);
  if (!database) throw DatabaseError(database.error());
  return sqlite_tables_on(std::move(*database), options.sqlite_path, checkpoints);
}

}  // namespace wl::storage
