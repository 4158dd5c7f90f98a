// migrate_sqlite(): makes the database file, or brings an older one to the schema of this program.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "storage/sqlite/convert_samples.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/migrations.hpp"

namespace wl::storage {
namespace {

/// Reading a whole file takes about a second a gigabyte; above this the check is left to backups.
constexpr std::int64_t quick_check_limit_bytes = 64 << 20;

/// Password hashes are inside: nobody but the owner may read it. SQLite gives the same mode to the
/// -wal and -shm files.
Result<void> create_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(errno == EACCES || errno == EROFS ? Errc::permission : Errc::unavailable,
                fmt::format("cannot create the database {}: {}. Make its directory and give this "
                            "user write permission there, or set DB_SQLITE_PATH",
                            path, std::strerror(errno)));
  }
  ::fchmod(file, 0600);
  ::close(file);
  return {};
}

/// Settings that live in the file and can only be chosen while it is empty.
void set_up_empty_file(SQLite::Database& database) {
  database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  database.exec("PRAGMA journal_mode = WAL");
}

std::int64_t file_bytes(SQLite::Database& database) {
  SQLite::Statement size(database,
                         "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  size.executeStep();
  return size.getColumn(0).getInt64();
}

Result<void> check_pages(SQLite::Database& database, const std::string& path) {
  if (file_bytes(database) > quick_check_limit_bytes) return {};
  SQLite::Statement check(database, "PRAGMA quick_check(1)");
  check.executeStep();
  const std::string verdict = check.getColumn(0).getString();
  if (verdict == "ok") return {};
  return fail(Errc::corrupt,
              fmt::format("the database {} is damaged ({}). It was left as it is: keep a copy and "
                          "restore a backup with `wattline restore`",
                          path, verdict));
}

/// One step in its own transaction. Another process may have done it meanwhile.
void apply(SQLite::Database& database, const Migration& migration) {
  WriteTransaction transaction(database);
  if (schema_version(database) >= migration.version) return;
  database.exec(std::string(migration.sql));
  database.exec(
      "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, "
      "name TEXT NOT NULL) STRICT");
  SQLite::Statement note(database, "INSERT INTO schema_version VALUES (?, ?)");
  note.bind(1, migration.version);
  note.bind(2, std::string(migration.name));
  note.exec();
  transaction.commit();
}

MigrationReport plan_from(int version) {
  MigrationReport report{
      .from_version = version, .to_version = sqlite_migrations().back().version, .steps = {}};
  for (const Migration& migration : sqlite_migrations()) {
    if (migration.version > version) report.steps.emplace_back(migration.name);
  }
  return report;
}

Error too_new(const std::string& path, const MigrationReport& report) {
  return {Errc::conflict,
          fmt::format("the database {} has schema {}, this program knows {}. It was left as it is: "
                      "install the version of Wattline that wrote it, or a newer one",
                      path, report.from_version, report.to_version)};
}

/// What must be done to the rows before a step's SQL, in small transactions of its own.
Result<void> prepare_rows(SQLite::Database& database, const Migration& migration,
                          const DatabaseOptions& options, const MigrationProgress& progress) {
  if (migration.name != "0003_samples_into_hours") return {};
  // The rows are written as this program does it: into tables of later steps too.
  for (const Migration& later : sqlite_migrations())
    if (later.version > migration.version) database.exec(std::string(later.sql));
  return convert_samples(options, [&](double share) {
    if (progress) progress(std::string(migration.name), share);
  });
}

/// Reads only.
Result<MigrationReport> look_ahead(FileState state, const std::string& path) {
  if (state != FileState::ours) return plan_from(0);
  SQLite::Database database(path, SQLite::OPEN_READONLY, 5000);
  if (auto whole = check_pages(database, path); !whole) return std::unexpected(whole.error());
  const MigrationReport report = plan_from(schema_version(database));
  if (report.from_version > report.to_version) return std::unexpected(too_new(path, report));
  return report;
}

}  // namespace

Result<MigrationReport> bring_up_to_date(SQLite::Database& database, const DatabaseOptions& options,
                                         const MigrationProgress& progress) {
  const std::string& path = options.sqlite_path;
  if (auto whole = check_pages(database, path); !whole) return std::unexpected(whole.error());
  const MigrationReport report = plan_from(schema_version(database));
  if (report.from_version > report.to_version) return std::unexpected(too_new(path, report));
  for (const Migration& migration : sqlite_migrations()) {
    if (migration.version <= report.from_version) continue;
    if (auto ready = prepare_rows(database, migration, options, progress); !ready) {
      return std::unexpected(ready.error());
    }
    apply(database, migration);
  }
  return report;
}

Result<MigrationReport> migrate_sqlite(const DatabaseOptions& options, MigrationMode mode,
                                       const MigrationProgress& progress) {
  const std::string& path = options.sqlite_path;
  const auto state = inspect_file(path);
  if (!state) return std::unexpected(state.error());
  if (mode == MigrationMode::dry_run) {
    return guarded(path, "look into", [&] { return look_ahead(*state, path); });
  }
  if (*state != FileState::ours) {
    if (auto made = create_private_file(path); !made) return std::unexpected(made.error());
  }
  return guarded(path, "prepare", [&] {
    // Beside an existing file a collector may be running: it alone moves the write-ahead log.
    const bool fresh = *state != FileState::ours;
    const auto database =
        connect(options, fresh ? Checkpoints::by_this_connection : Checkpoints::by_the_collector);
    if (fresh) set_up_empty_file(*database);
    return bring_up_to_date(*database, options, progress);
  });
}

}  // namespace wl::storage
