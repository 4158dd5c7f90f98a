// A listening Unix socket at a path, and the lock that lets only one process own it.
#pragma once

#include <filesystem>

#include "apps/collector/unique_fd.hpp"
#include "base/result.hpp"

namespace wl {

/// Binds and listens, non-blocking, mode 0600. A socket file on which nobody listens any more is
/// replaced. `conflict` when somebody does, `invalid_argument` when the path is too long or is
/// something else than a socket.
Result<UniqueFd> listen_at(const std::filesystem::path& path);

/// Takes the lock file for as long as the result lives. `conflict` names the pid that has it.
Result<UniqueFd> lock_alone(const std::filesystem::path& path);

}  // namespace wl
