// Transactions, names, batches, facts and upkeep; the rows stand in samples.cpp, rollups.cpp and
// ledger.cpp.
#include "storage/mysql/mysql_tables.hpp"

#include <fmt/format.h>

#include "base/check.hpp"

namespace wl::storage::mysql {
namespace {

/// Of each source, that many batches are remembered (storage/tables.hpp).
constexpr std::uint64_t remembered_batches = 10'000;

/// CHECK TABLE reads everything: about a minute for some GB.
constexpr Milliseconds check_patience = std::chrono::hours{6};

void start(Connection& connection, Access access) {
  if (access == Access::read) {
    // The table is touched before the first row is read, so that no partition is split or dropped
    // between the snapshot and its use (error 1412 otherwise).
    connection.command("START TRANSACTION READ ONLY");
    connection.command("SELECT 1 FROM chunks LIMIT 0");
    return;
  }
  connection.command("START TRANSACTION");
  const Changed held = connection.run("UPDATE writer SET turn = turn + 1 WHERE id = 1", {});
  if (held.rows != 1) {
    throw DatabaseError(
        {Errc::not_found, fmt::format("the database {} at {} is not initialised: run `wattline "
                                      "init-db`",
                                      connection.place().database, connection.place().host)});
  }
}

}  // namespace

MysqlTables::MysqlTables(std::shared_ptr<ConnectionPool> pool) : pool_(std::move(pool)) {}

MysqlTables::~MysqlTables() {
  rollback();
}

void MysqlTables::begin(Access access) {
  rollback();
  const auto attempt = [&] {
    Lease lease = pool_->borrow();
    if (access == Access::write) {
      drop_partitions(*lease);
      partitions_.keep_up(*lease);
    }
    start(*lease, access);
    transaction_.emplace(std::move(lease));
  };
  try {
    attempt();
  } catch (const ConnectionLost& lost) {
    pool_->forget_idle();
    if (lost.was_silence()) throw;
    attempt();  // Once: an idle connection may have died long before.
  }
}

void MysqlTables::commit() {
  WL_CHECK(transaction_.has_value());
  try {
    (*transaction_)->command("COMMIT");
  } catch (const ConnectionLost& lost) {
    pool_->forget_idle();
    throw DatabaseError(
        {Errc::unavailable, lost.error().what +
                                "; it was about to confirm a COMMIT: writing the batch again tells "
                                "whether it was stored, and stores it once"});
  }
  const Lease lease = std::move(*transaction_);
  transaction_.reset();
  try {
    drop_partitions(*lease);
  } catch (const DatabaseError&) {  // The commit is done and stays so; the days wait.
  }
}

void MysqlTables::rollback() noexcept {
  if (!transaction_) return;
  to_drop_.clear();
  try {
    if (!(*transaction_)->broken()) (*transaction_)->command("ROLLBACK");
  } catch (...) {
    (*transaction_)->give_up();  // Closing it rolls back.
  }
  transaction_.reset();
}

void MysqlTables::on_connection(const std::function<void(Connection&)>& work) {
  if (transaction_) {
    work(**transaction_);
  } else {
    pool_->on_connection(work);
  }
}

// The whole result is here before the first row is taken, so a repeated query gives no row twice.
void MysqlTables::query(std::string_view sql, std::span<const Parameter> parameters,
                        const Take& take) {
  on_connection([&](Connection& connection) { connection.each(sql, parameters, take); });
}

Changed MysqlTables::run(std::string_view sql, std::span<const Parameter> parameters) {
  Changed changed;
  on_connection([&](Connection& connection) { changed = connection.run(sql, parameters); });
  return changed;
}

std::vector<NamedRow> MysqlTables::points() {
  std::vector<NamedRow> rows;
  query("SELECT id, `key` FROM points ORDER BY id", {},
        [&](const Row& row) { rows.push_back({.row = row.number(0), .key = row.text(1)}); });
  return rows;
}

std::vector<NamedRow> MysqlTables::devices() {
  std::vector<NamedRow> rows;
  query("SELECT id, `key` FROM devices ORDER BY id", {},
        [&](const Row& row) { rows.push_back({.row = row.number(0), .key = row.text(1)}); });
  return rows;
}

// Numbers are not AUTO_INCREMENT: that leaves holes after a rollback and steps of three in a
// cluster, and 64 neighbouring numbers share one hot part.
DeviceRow MysqlTables::make_device(const std::string& key) {
  run("INSERT INTO devices (id, `key`) SELECT COALESCE(MAX(id), 0) + 1, ? FROM devices "
      "ON DUPLICATE KEY UPDATE devices.`key` = devices.`key`",
      {key});
  DeviceRow device;
  query("SELECT id FROM devices WHERE `key` = ?", {key},
        [&](const Row& row) { device.value = row.number(0); });
  return device;
}

PointRow MysqlTables::make_point(const std::string& key, DeviceRow device,
                                 const std::string& unit) {
  run("INSERT INTO points (id, device_id, `key`, unit) SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ? "
      "FROM points ON DUPLICATE KEY UPDATE points.`key` = points.`key`",
      {device, key, unit});
  PointRow point;
  query("SELECT id FROM points WHERE `key` = ?", {key},
        [&](const Row& row) { point.value = row.number(0); });
  return point;
}

std::optional<std::int64_t> MysqlTables::claim_batch(const std::string& source, std::uint64_t seq,
                                                     std::uint64_t samples) {
  std::uint64_t batches = 0;
  query("SELECT batches FROM ingest_source WHERE source = ?", {source},
        [&](const Row& row) { batches = row.whole(0); });
  const bool full = batches >= remembered_batches;
  bool known = false;
  query("SELECT 1 FROM ingest_batch WHERE source = ? AND seq = ?", {source, seq},
        [&](const Row&) { known = true; });
  if (full) {
    query("SELECT seq FROM ingest_batch WHERE source = ? ORDER BY seq LIMIT 1", {source},
          [&](const Row& row) { known = known || seq < row.whole(0); });
  }
  if (known) return std::nullopt;
  const auto id = static_cast<std::int64_t>(
      run("UPDATE writer SET last_batch = LAST_INSERT_ID(last_batch + 1) WHERE id = 1", {})
          .insert_id);
  run("INSERT INTO ingest_batch (source, seq, id, samples) VALUES (?, ?, ?, ?)",
      {source, seq, id, samples});
  if (full) {
    run("DELETE FROM ingest_batch WHERE source = ? ORDER BY seq LIMIT 1", {source});
  } else {
    run("INSERT INTO ingest_source (source, batches) VALUES (?, 1) "
        "ON DUPLICATE KEY UPDATE batches = batches + 1",
        {source});
  }
  return id;
}

std::uint64_t MysqlTables::last_seq(const std::string& source) {
  std::uint64_t last = 0;
  query("SELECT seq FROM ingest_batch WHERE source = ? ORDER BY seq DESC LIMIT 1", {source},
        [&](const Row& row) { last = row.whole(0); });
  return last;
}

std::optional<std::string> MysqlTables::fact(const std::string& name) {
  std::optional<std::string> value;
  query("SELECT value FROM facts WHERE name = ?", {name},
        [&](const Row& row) { value = row.text(0); });
  return value;
}

void MysqlTables::put_fact(const std::string& name, const std::string& value) {
  run("INSERT INTO facts (name, value) VALUES (?, ?) ON DUPLICATE KEY UPDATE value = VALUES(value)",
      {name, value});
}

std::uint64_t MysqlTables::size_bytes() {
  std::uint64_t bytes = 0;
  query(
      "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS UNSIGNED) "
      "FROM information_schema.TABLES WHERE table_schema = DATABASE()",
      {}, [&](const Row& row) { bytes = row.whole(0); });
  return bytes;
}

std::vector<std::string> MysqlTables::integrity() {
  Waits patient = pool_->waits();
  patient.answer = check_patience;
  const auto alone = ConnectionPool::make(pool_->options(), patient);
  if (!alone) throw DatabaseError(alone.error());
  const Lease lease = (*alone)->borrow();
  const auto tables = lease->rows(
      "SELECT table_name FROM information_schema.TABLES WHERE table_schema = DATABASE() "
      "AND table_type = 'BASE TABLE' ORDER BY table_name");
  std::vector<std::string> faults;
  for (const TextRow& table : tables) {
    const std::string name = table.at(0).value_or("");
    if (name.find('`') != std::string::npos) continue;  // Not ours.
    for (const TextRow& verdict : lease->rows(fmt::format("CHECK TABLE `{}`", name))) {
      const std::string text = verdict.at(3).value_or("");
      if (text != "OK") faults.push_back(fmt::format("{}: {}", name, text));
    }
  }
  return faults;
}

}  // namespace wl::storage::mysql
