// What the commands say that compute the energy ledger again.
#pragma once

#include "apps/settings/settings.hpp"
#include "apps/wattline/energy/rebuild.hpp"
#include "apps/wattline/progress_line.hpp"

namespace wl::command {

/// rebuild_energy() with the settings of the collector. The lock of the samples is held.
Result<energy::RebuildReport> renew_energy(storage::CollectorStore& store, const Settings& settings,
                                           const Plant& plant, energy::RebuildRequest request,
                                           ProgressLine& progress);

/// Computes all of it after an old database was converted, whose schema knew no ledger. A failure
/// is told with the next step: the conversion itself is done.
void renew_converted_energy(const Settings& settings);

void print_energy(const energy::RebuildReport& report, const Plant& plant);

}  // namespace wl::command
