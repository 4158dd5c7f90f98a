// The database as one file, while it is in use; and back. One engine a file behind it.
#pragma once

#include <filesystem>
#include <map>

#include "storage/backup/progress.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// What was copied.
struct DatabaseCopy {
  std::string kind;  ///< `sqlite` or `mysql`.
  std::string file;  ///< Name of the file that was made in the folder.
  int schema = 0;
  std::map<std::string, std::uint64_t> rows;
};

/// Names of the file in a backup, by engine.
inline constexpr std::string_view sqlite_copy_name = "database/wattline.db";
inline constexpr std::string_view mysql_dump_name = "database/wattline.sql";

/// SQLite: the state of one moment by the backup API, in steps, while others read and write; then
/// checked by the engine. Writers do not wait; the write-ahead log grows for as long as it takes.
/// `corrupt` when the copy fails the check: then the database itself is damaged.
Result<DatabaseCopy> copy_sqlite(const DatabaseOptions& options,
                                 const std::filesystem::path& folder, const Progress& progress);

/// MariaDB, MySQL: `mariadb-dump --single-transaction --quick`. The password goes through a file of
/// mode 0600, never through the command line.
Result<DatabaseCopy> dump_mysql(const DatabaseOptions& options, const std::filesystem::path& folder,
                                const Progress& progress);

/// The newest schema that this program knows, of the engine that `options` name.
int newest_schema(const DatabaseOptions& options);

/// The engine's check of a database file that nobody has open. Lines that name faults.
Result<std::vector<std::string>> check_sqlite_file(const std::filesystem::path& file);

/// Loads a dump. The database must exist; what the dump names in it is replaced.
Result<void> load_mysql(const DatabaseOptions& options, const std::filesystem::path& dump,
                        const Progress& progress);

}  // namespace wl::storage
