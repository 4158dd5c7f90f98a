// SIGTERM and SIGINT as something a main() can wait for.
#pragma once

#include <chrono>

namespace wl {

/// Construct it first in main(), before any thread: all threads then leave SIGTERM and SIGINT to
/// it. SIGPIPE is ignored for the whole process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// True when the process was asked to stop; false after `timeout`.
  bool wait(std::chrono::milliseconds timeout);

  /// Readable when a stop was asked for; for an event loop of one's own.
  int fd() const { return fd_; }

 private:
  int fd_;
  bool stopped_ = false;
};

}  // namespace wl
