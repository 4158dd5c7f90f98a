// Which schema a database has, and whether this program may use it.
#pragma once

#include <memory>

#include "storage/mysql/pool.hpp"

namespace wl::storage::mysql {

/// Version of the newest step; 0 when there is none.
int schema_version(Connection& connection);

/// The pool of the options, or a new one, after proving that the schema is the one this program
/// knows. Throws DatabaseError.
std::shared_ptr<ConnectionPool> pool_of(const DatabaseOptions& options);

}  // namespace wl::storage::mysql
