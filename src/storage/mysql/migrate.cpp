// Makes the tables of a database, or brings older ones to the schema of this program.
#include <fmt/format.h>
#include <mysqld_error.h>

#include <algorithm>
#include <charconv>

#include "storage/mysql/audit_guard.hpp"
#include "storage/mysql/migrations.hpp"
#include "storage/mysql/mysql.hpp"
#include "storage/mysql/mysql_tables.hpp"
#include "storage/mysql/schema.hpp"

namespace wl::storage::mysql {
namespace {

/// An ALTER of a large table copies it.
constexpr Milliseconds alter_patience = std::chrono::hours{6};
constexpr Milliseconds lock_patience = std::chrono::minutes{1};

constexpr const char* version_table =
    "CREATE TABLE IF NOT EXISTS schema_version (version INT NOT NULL PRIMARY KEY, "
    "name VARCHAR(190) NOT NULL) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

int to_int(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string name_of(const Connection& connection) {
  return fmt::format("the database {} at {}", connection.place().database, connection.place().host);
}

[[noreturn]] void refuse_newer(const Connection& connection, int found, int known) {
  throw DatabaseError(
      {Errc::conflict, fmt::format("{} has schema {}, this program knows {}. It was left as it is: "
                                   "install the version of Wattline that wrote it, or a newer one",
                                   name_of(connection), found, known)});
}

/// Two `wattline init-db` at once: the second waits. The lock ends with the connection. A Galera
/// cluster has no such lock; there the steps, which can all be run twice, have to do.
void take_turn(Connection& connection) {
  try {
    const auto taken = connection.rows("SELECT GET_LOCK(CONCAT('wattline.', DATABASE()), 60)");
    if (taken.at(0).at(0).value_or("0") == "1") return;
  } catch (const ServerError& refusal) {
    if (refusal.number() == ER_NOT_SUPPORTED_YET) return;
    throw;
  }
  throw DatabaseError(
      {Errc::unavailable,
       fmt::format("another process has been preparing {} for a minute: wait for it "
                   "and start again",
                   name_of(connection))});
}

/// The version table is the first that is made, so tables without it are somebody else's.
void refuse_foreign_tables(Connection& connection) {
  const auto tables = connection.rows(
      "SELECT table_name FROM information_schema.TABLES WHERE table_schema = DATABASE() "
      "ORDER BY table_name = 'schema_version' DESC, table_name LIMIT 1");
  if (tables.empty() || tables[0].at(0) == "schema_version") return;
  throw DatabaseError(
      {Errc::conflict,
       fmt::format("{} belongs to another program (it has a table '{}'). It was left "
                   "as it is: name an empty database in DB_NAME",
                   name_of(connection), tables[0].at(0).value_or(""))});
}

void apply(Connection& connection, const Migration& step) {
  for (const std::string& statement : statements_of(step.sql)) connection.command(statement);
  connection.run(
      "INSERT INTO schema_version (version, name) VALUES (?, ?) "
      "ON DUPLICATE KEY UPDATE name = VALUES(name)",
      std::initializer_list<Parameter>{step.version, step.name});
}

MigrationReport bring_up_to_date(Connection& connection, MigrationMode mode) {
  const bool dry = mode == MigrationMode::dry_run;
  if (!dry) take_turn(connection);
  refuse_foreign_tables(connection);
  if (!dry) connection.command(version_table);
  MigrationReport report{.from_version = schema_version(connection),
                         .to_version = mysql_migrations().back().version};
  if (report.from_version > report.to_version) {
    refuse_newer(connection, report.from_version, report.to_version);
  }
  for (const Migration& step : mysql_migrations()) {
    if (step.version <= report.from_version) continue;
    report.steps.emplace_back(step.name);
    if (!dry) apply(connection, step);
  }
  if (!dry) guard_audit_log(connection);
  return report;
}

}  // namespace

std::vector<std::string> statements_of(std::string_view sql) {
  std::vector<std::string> statements;
  std::string statement;
  while (!sql.empty()) {
    const std::size_t end = std::min(sql.find('\n'), sql.size());
    std::string_view line = sql.substr(0, end);
    sql.remove_prefix(std::min(end + 1, sql.size()));
    if (line.empty() || line.starts_with("--")) continue;
    const bool last = line.ends_with(';');
    if (last) line.remove_suffix(1);
    statement.append(line) += '\n';
    if (last) statements.push_back(std::exchange(statement, {}));
  }
  return statements;
}

int schema_version(Connection& connection) {
  try {
    const auto newest = connection.rows("SELECT COALESCE(MAX(version), 0) FROM schema_version");
    return to_int(newest.at(0).at(0).value_or("0"));
  } catch (const ServerError& refusal) {
    if (refusal.number() == ER_NO_SUCH_TABLE) return 0;
    throw;
  }
}

std::shared_ptr<ConnectionPool> pool_of(const DatabaseOptions& options) {
  auto pool = options.pool;
  if (!pool) {
    auto made = make_connection_pool(*options.mysql, options.busy_timeout);
    if (!made) throw DatabaseError(made.error());
    pool = std::move(*made);
  }
  pool->on_connection([](Connection& connection) {
    const int found = schema_version(connection);
    const int known = mysql_migrations().back().version;
    if (found > known) refuse_newer(connection, found, known);
    if (found < known) {
      throw DatabaseError({found == 0 ? Errc::not_found : Errc::conflict,
                           fmt::format("{} has schema {}, this program needs {}: run `wattline "
                                       "init-db`; it keeps all data",
                                       name_of(connection), found, known)});
    }
  });
  return pool;
}

Result<MigrationReport> prepare_schema(const DatabaseOptions& options, MigrationMode mode) {
  try {
    MysqlOptions alone = *options.mysql;
    alone.pool_size = 1;
    alone.max_overflow = 0;
    const auto pool =
        ConnectionPool::make(alone, {.answer = alter_patience, .lock = lock_patience});
    if (!pool) return std::unexpected(pool.error());
    return bring_up_to_date(*(*pool)->borrow(), mode);
  } catch (const DatabaseError& refusal) {
    return std::unexpected(refusal.error());
  }
}

std::unique_ptr<Tables> open_tables(const DatabaseOptions& options) {
  return std::make_unique<MysqlTables>(pool_of(options));
}

}  // namespace wl::storage::mysql
