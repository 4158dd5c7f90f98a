// Batches as the historian writes them, for tests of what becomes of them.
#pragma once

#include <string>

#include "storage/tables.hpp"

namespace wl::storage::mysql {

/// Claim and rows of batch `seq` in one transaction. Whether it was new.
bool write_batch(Tables& tables, std::uint64_t seq);

/// What write_batch() threw, which must be `unavailable`; an empty text when it did not.
std::string failure_of(Tables& tables, std::uint64_t seq);

}  // namespace wl::storage::mysql
