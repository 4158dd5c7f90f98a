// How a process tells the others that it lives: run/<name>.status.json, renewed every second.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl {

/// The content of one status file. The supervisor, `wattline status`, the doctor and /api/system
/// read it. A process whose heartbeat is older than `stale_after` is hung or gone.
struct ProcessStatus {
  std::string name;  ///< plc, gateway, collector, web.
  int pid = 0;
  std::string version;
  Timestamp started_at{};
  Timestamp heartbeat_at{};
  bool healthy = false;  ///< Does its work now; false while it starts or a peer is missing.
  std::string reason;    ///< Why not healthy, for a person; empty when healthy.
  /// Figures for people, in this order: {"scan_ms", "0.04"}.
  std::vector<std::pair<std::string, std::string>> details;
};

inline constexpr Milliseconds status_stale_after{5000};

/// How long a process waits before it renews its status: a second while healthy, less while it is
/// not, so that a start is known to be done as soon as it is.
constexpr Milliseconds status_pause(bool healthy) {
  return Milliseconds{healthy ? 1000 : 200};
}

/// Replaces `<run_directory>/<status.name>.status.json`.
Result<void> write_status(const std::filesystem::path& run_directory, const ProcessStatus& status);

/// `not_found` when the process never wrote one.
Result<ProcessStatus> read_status(const std::filesystem::path& run_directory,
                                  const std::string& name);

/// Called on a clean exit, so that nobody takes the dead process for a hung one.
void remove_status(const std::filesystem::path& run_directory, const std::string& name);

}  // namespace wl
