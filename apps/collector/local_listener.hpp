// A listening Unix socket at a path.
#pragma once

#include <filesystem>

#include "apps/collector/unique_fd.hpp"
#include "base/result.hpp"

namespace wl {

/// Binds and listens, non-blocking, mode 0600. A socket file on which nobody listens any more is
/// replaced. `conflict` when somebody does, `invalid_argument` when the path is too long or is
/// something else than a socket.
Result<UniqueFd> listen_at(const std::filesystem::path& path);

}  // namespace wl
