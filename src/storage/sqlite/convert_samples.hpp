// The samples of schema 1, a row each, into the historian.
#pragma once

#include <functional>

#include "storage/sqlite/database.hpp"

namespace wl::storage {

/// Writes each hour of the table `samples` as one batch of the source "schema-1" and folds the full
/// ones, so that rollups, chunks and views are what they would be had the historian collected them.
/// The rows stay; dropping them is the next step of the schema. Run again after a kill, it goes on
/// with the first hour that is not stored. Nothing to do without the table or without rows.
///
/// Points are those of the database, also those that left plant.json. Of the energy ledger nothing
/// is made: schema 1 had none, and it begins with the next batch of the collector.
///
/// `progress` hears the share that is done, 0 to 1, after each hour; it may be empty. The database
/// must have schema 2, and no collector may run: `unavailable` when a lock is held.
Result<void> convert_samples(const DatabaseOptions& options,
                             const std::function<void(double)>& progress);

}  // namespace wl::storage
