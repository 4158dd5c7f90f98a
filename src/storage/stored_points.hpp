// Which points a database knows, whatever the plant says today.
#pragma once

#include <string>
#include <vector>

#include "storage/store.hpp"

namespace wl::storage {

/// Keys of all points that ever had a sample, sorted. Errors as of open_store(). Opens the database
/// and closes it; for the command, not for a loop.
Result<std::vector<std::string>> stored_points(const DatabaseOptions& options);

}  // namespace wl::storage
