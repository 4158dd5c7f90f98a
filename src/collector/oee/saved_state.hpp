// The account's state as bytes, so that a restart at any sample goes on exactly.
#pragma once

#include <string>
#include <string_view>

#include "collector/oee/oee_account.hpp"

namespace wl::collector::oee {

/// "WLOE", format version, content, CRC-32C of all before it. About 4 bytes a reading and 25 a
/// quarter hour: it is written with every batch.
std::string save(const AccountState& state);

/// Reads all formats up to its own. `corrupt` when the bytes are torn or damaged; `conflict` when a
/// newer version wrote them.
Result<AccountState> restore(std::string_view bytes);

}  // namespace wl::collector::oee
