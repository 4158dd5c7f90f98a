// What a batch brings of alarms, what a restart asks of them, and when they are old.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/store.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Rows and journal of a batch that claim_batch() gave this id, in its transaction.
/// `invalid_argument`: a row without an id, which is a bug of who made the batch.
Result<void> keep_alarms(Tables& tables, std::int64_t batch_id, const Batch& batch);

/// What Store::open_alarms() gives.
std::vector<AlarmRow> alarms_for_a_start(Tables& tables, Timestamp announced_since);

/// Removes a slice of what ended before `before`. In a transaction of the caller. True when there
/// may be more.
bool drop_old_alarms(Tables& tables, Timestamp before);

}  // namespace wl::storage
