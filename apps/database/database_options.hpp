// The database of an installation, from its settings.
#pragma once

#include <string>

#include "apps/settings/settings.hpp"
#include "model/plant.hpp"
#include "storage/store.hpp"

namespace wl {

/// For schema and accounts. Call it once in a process: with DB_TYPE=mysql each call makes a pool.
/// Throws StartError when DB_HOST cannot be read.
storage::DatabaseOptions database_options(const Settings& settings);

/// For stores: days, weeks and months are those of TZ, or else of the plant.
storage::DatabaseOptions database_options(const Settings& settings, const Plant& plant);

/// For a person: `/srv/wattline/data/wattline.db` or `energy_management at db1:3306, db2:3306`.
std::string database_place(const Settings& settings);

}  // namespace wl
