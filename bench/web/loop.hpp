// One thread, one epoll, thousands of clients.
#pragma once

#include <chrono>
#include <functional>
#include <queue>
#include <string>
#include <vector>

namespace wl::bench {

using Clock = std::chrono::steady_clock;

/// std::runtime_error with what the system says about errno.
[[noreturn]] void throw_errno(const std::string& what);

/// Someone who waits for a descriptor.
class Watched {
 public:
  virtual ~Watched() = default;
  /// Something changed: read and write until the system says EAGAIN.
  virtual void on_ready() = 0;
};

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Edge triggered, both directions; ends when `fd` is closed. `who` must outlive the loop's run.
  void watch(int fd, Watched& who);
  /// Does `what` at `when`, or as soon after it as the loop comes to it.
  void at(Clock::time_point when, std::function<void()> what);
  /// Until `end` or stop().
  void run_until(Clock::time_point end);
  void run_for(double seconds);
  /// Runs until `condition` holds; throws with `what` after `patience_seconds`.
  void run_until_true(const std::function<bool()>& condition, const std::string& what,
                      double patience_seconds = 60);
  void stop() { stopped_ = true; }

 private:
  struct Appointment {
    Clock::time_point when;
    std::function<void()> what;
    bool operator>(const Appointment& other) const { return when > other.when; }
  };

  void keep_appointments();
  int wait_ms(Clock::time_point end) const;

  int epoll_;
  bool stopped_ = false;
  std::priority_queue<Appointment, std::vector<Appointment>, std::greater<>> appointments_;
};

}  // namespace wl::bench
