// Where the database is, from .env and plant.json: the same for every process.
#pragma once

#include "apps/settings/settings.hpp"
#include "model/plant.hpp"
#include "storage/store.hpp"

namespace wl {

/// DB_TYPE, DB_*, and the plant's time zone, which TZ overrides.
storage::DatabaseOptions database_options(const Settings& settings, const Plant& plant);

}  // namespace wl
