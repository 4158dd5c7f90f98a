// The energy ledger as rows: written with each batch, summed over any calendar buckets.
#pragma once

#include <span>
#include <vector>

#include "storage/historian/names.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// Stores the rows, renews the days that they lie in and notes the events. In a write transaction
/// of the caller. Throws DatabaseError.
void put_ledger(Tables& tables, Names& names, const LedgerEntries& entries);

/// One bucket for each two neighbours of `edges`, which are multiples of a quarter hour.
std::vector<EnergySum> sum_energy(Tables& tables, DeviceRow device,
                                  std::span<const Timestamp> edges);
/// The same for a device that has no row: nothing is known.
std::vector<EnergySum> no_energy(std::span<const Timestamp> edges);

}  // namespace wl::storage
