// One supervisor an installation: the lock on run/wattline.pid.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "base/result.hpp"

namespace wl::supervise {

/// Holds the lock until destroyed; the kernel releases it however the process dies.
class InstanceLock {
 public:
  /// `conflict` with "already running, pid N" when another process holds it.
  static Result<InstanceLock> take(const std::filesystem::path& run_directory);

  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&&) = delete;
  ~InstanceLock();

 private:
  InstanceLock(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::filesystem::path path_;
};

/// The pid of the supervisor that holds the lock; nothing when none runs.
std::optional<pid_t> running_supervisor(const std::filesystem::path& run_directory);

/// A `wattline-<name>` process that the status file names and that still lives; nothing otherwise.
/// A pid that was given to another program in the meantime does not count.
std::optional<pid_t> running_process(const std::filesystem::path& run_directory,
                                     const std::string& name);

}  // namespace wl::supervise
