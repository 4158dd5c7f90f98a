// The historian's rows in a SQLite file.
#pragma once

#include <memory>

#include "storage/sqlite/database.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Opens a file that migrate() has prepared. Throws DatabaseError; `not_found` when there is none
/// yet, `conflict` when its schema is not the one this program knows.
///
/// A commit that returned is on disk (WAL, synchronous FULL). Statements are prepared once. With
/// Checkpoints::by_the_collector the write-ahead log is left alone, also by checkpoint().
std::unique_ptr<Tables> open_sqlite_tables(const DatabaseOptions& options, Checkpoints checkpoints);

/// The same on a connection that is open, to the file at `path`.
std::unique_ptr<Tables> sqlite_tables_on(std::unique_ptr<SQLite::Database> database,
                                         const std::string& path, Checkpoints checkpoints);

}  // namespace wl::storage
