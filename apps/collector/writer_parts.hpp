// What a StoreWriter of this installation is made of; the live collector and the replay share it.
#pragma once

#include "apps/collector/store_writer.hpp"
#include "apps/settings/settings.hpp"

namespace wl {

/// Throws StartError when the saved state of ledger or OEE cannot be fetched; DatabaseAway when the
/// database does not answer now.
StoreWriter::Parts writer_parts(const Settings& settings, const Plant& plant,
                                std::unique_ptr<storage::CollectorStore> store, std::string source);

}  // namespace wl
