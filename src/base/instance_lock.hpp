// One process for a file: the lock by which a second one learns that it is the second.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace wl {

/// Holds the lock until destroyed; the kernel releases it however the process dies. The file keeps
/// the pid of who holds it, and is empty after a clean end.
class InstanceLock {
 public:
  /// `conflict` with "already running, pid N" when another process holds it; `permission` or
  /// `unavailable` when the file cannot be written.
  static Result<InstanceLock> take(const std::filesystem::path& file);

  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&& other) noexcept;
  ~InstanceLock();

 private:
  InstanceLock(int fd) : fd_(fd) {}

  int fd_;
};

/// Thrown while a program starts, by take_alone(): main() prints it and ends with exit code 3.
class AlreadyRunning : public StartError {
 public:
  using StartError::StartError;
};

/// The lock, or AlreadyRunning, or StartError.
InstanceLock take_alone(const std::filesystem::path& file);

}  // namespace wl
