// Who this collector is for the database, and its how manieth life this is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace wl {

/// `source` is half of the exactly-once key of every batch: made once for a data directory, so that
/// two collectors that ever write into one database never share a number. `run` counts the starts,
/// so that a new process never uses a number of an old one again, without asking the database.
struct CollectorIdentity {
  std::string source;
  std::uint32_t run = 0;
};

/// Reads `<data_dir>/collector.id`, counts this start and makes it durable. A file that is missing
/// or makes no sense begins a new source.
Result<CollectorIdentity> begin_run(const std::filesystem::path& data_dir);

/// The database knows numbers of this run already: the data directory is an older copy. A new
/// source under which nothing is known.
Result<CollectorIdentity> renew_source(const std::filesystem::path& data_dir, std::uint32_t run);

}  // namespace wl
