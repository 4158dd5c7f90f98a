// The OEE as rows: written with each batch, summed over any periods.
#pragma once

#include <span>
#include <vector>

#include "storage/rollup/shift_times.hpp"
#include "storage/store.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// In a write transaction of the caller. Throws DatabaseError.
void put_oee(Tables& tables, const OeeEntries& entries);

/// Without sums: every period of the query's range. invalid_argument: see Calendar::edges.
Result<std::vector<OeeBucket>> oee_buckets(const OeeQuery& query, const Calendar& calendar,
                                           const ShiftTimes& shifts);

/// Sums the quarters into `buckets`, which are in order and apart. One read.
OeeAnswer sum_oee(Tables& tables, const OeeQuery& query, std::vector<OeeBucket> buckets);

}  // namespace wl::storage
