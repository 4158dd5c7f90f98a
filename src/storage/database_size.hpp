// How much room a database takes.
#pragma once

#include <cstdint>

#include "storage/store.hpp"

namespace wl::storage {

/// SQLite: the file and its write-ahead log. MariaDB, MySQL: tables and indexes of the database, as
/// the server estimates them; waits for it. `not_found` when there is no file.
Result<std::uint64_t> database_bytes(const DatabaseOptions& options);

}  // namespace wl::storage
