// One supervisor an installation: the lock on run/wattline.pid.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "base/instance_lock.hpp"

namespace wl::supervise {

/// Where the supervisor's InstanceLock is.
std::filesystem::path pid_path(const std::filesystem::path& run_directory);

/// The pid of the supervisor that holds the lock; nothing when none runs.
std::optional<pid_t> running_supervisor(const std::filesystem::path& run_directory);

/// A `wattline-<name>` process that the status file names and that still lives; nothing otherwise.
/// A pid that was given to another program in the meantime does not count.
std::optional<pid_t> running_process(const std::filesystem::path& run_directory,
                                     const std::string& name);

}  // namespace wl::supervise
