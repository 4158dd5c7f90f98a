// The ledger's state as bytes, so that a restart at any sample goes on exactly.
#pragma once

#include <string>
#include <string_view>

#include "collector/ledger/ledger.hpp"

namespace wl::collector::ledger {

/// "WLEL", format version, content, CRC-32C of all before it; fixed fields are little endian. About
/// 2 bytes a reading of the window: it is written with every batch.
std::string save(const LedgerState& state);
std::string save(const Ledger& ledger);

/// Reads all formats up to its own. `corrupt` when the bytes are torn or damaged; `conflict` when a
/// newer version wrote them.
Result<LedgerState> restore(std::string_view bytes);

}  // namespace wl::collector::ledger
