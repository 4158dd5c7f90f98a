// The numbered schema steps of the SQLite backend, embedded from schema/sqlite/.
#pragma once

#include <span>

#include "storage/migration.hpp"

namespace wl::storage {

std::span<const Migration> sqlite_migrations();

}  // namespace wl::storage
