// Which engine a database is on: the one place that chooses.
#include <algorithm>
#include <filesystem>

#include "storage/account_store.hpp"
#include "storage/accounts/sql_account_store.hpp"
#include "storage/database_size.hpp"
#include "storage/historian/alarm_keeper.hpp"
#include "storage/historian/historian.hpp"
#include "storage/mysql/mysql.hpp"
#include "storage/sqlite/sqlite_tables.hpp"
#include "storage/stored_points.hpp"

namespace wl::storage {
namespace {

std::unique_ptr<Tables> open_tables(const DatabaseOptions& options, Checkpoints checkpoints) {
  return options.mysql ? mysql::open_tables(options) : open_sqlite_tables(options, checkpoints);
}

Result<std::unique_ptr<CollectorStore>> open(const DatabaseOptions& options, const Plant& plant,
                                             Checkpoints checkpoints) {
  auto calendar = Calendar::of(options.time_zone);
  if (!calendar) return std::unexpected(calendar.error());
  try {
    return std::make_unique<Historian>(open_tables(options, checkpoints), plant, *calendar);
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace

Result<MigrationReport> migrate(const DatabaseOptions& options, MigrationMode mode,
                                const MigrationProgress& progress) {
  return options.mysql ? mysql::prepare_schema(options, mode)
                       : migrate_sqlite(options, mode, progress);
}

Result<std::unique_ptr<AccountStore>> open_account_store(const DatabaseOptions& options) {
  auto sql = options.mysql ? mysql::open_accounts(options) : open_sqlite_accounts(options);
  if (!sql) return std::unexpected(std::move(sql.error()));
  return std::make_unique<SqlAccountStore>(std::move(*sql));
}

Result<std::unique_ptr<AlarmStore>> open_alarm_store(const DatabaseOptions& options) {
  try {
    return std::make_unique<AlarmKeeper>(open_tables(options, Checkpoints::by_the_collector));
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

Result<std::unique_ptr<Store>> open_store(const DatabaseOptions& options, const Plant& plant) {
  return open(options, plant, Checkpoints::by_the_collector);
}

Result<std::unique_ptr<CollectorStore>> open_collector_store(const DatabaseOptions& options,
                                                             const Plant& plant) {
  return open(options, plant, Checkpoints::by_this_connection);
}

Result<std::vector<std::string>> stored_points(const DatabaseOptions& options) {
  try {
    std::vector<std::string> keys;
    for (NamedRow& point : open_tables(options, Checkpoints::by_the_collector)->points())
      keys.push_back(std::move(point.key));
    std::ranges::sort(keys);
    return keys;
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

Result<std::uint64_t> database_bytes(const DatabaseOptions& options) {
  if (options.mysql) return mysql::database_bytes(options);
  std::error_code error;
  std::uint64_t bytes = std::filesystem::file_size(options.sqlite_path, error);
  if (error) return fail(Errc::not_found, options.sqlite_path + ": " + error.message());
  const auto log_bytes = std::filesystem::file_size(options.sqlite_path + "-wal", error);
  return error ? bytes : bytes + log_bytes;  // Without a log there is none to count.
}

}  // namespace wl::storage
