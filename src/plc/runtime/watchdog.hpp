// Ends a scan that does not end by itself.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "plc/codegen/native_program.hpp"

namespace wl::plc {

/// A scan may take this many intervals …
inline constexpr int watchdog_intervals = 5;
/// … but at least this long: a loaded machine is no reason to stop a line.
inline constexpr std::chrono::milliseconds watchdog_minimum{500};

/// The longest a scan may run: max(watchdog_minimum, watchdog_intervals × interval).
std::chrono::nanoseconds watchdog_limit(std::chrono::nanoseconds interval);

/// Which scan runs, if any. Written by the scan thread, read by the watchdog's.
class ScanMark {
 public:
  void begin() { value_.fetch_add(1, std::memory_order_release); }
  void end() { value_.fetch_add(1, std::memory_order_release); }
  /// Odd while a scan runs; different for every scan.
  std::uint64_t value() const { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// Marks a scan as running for as long as it lives: also one that ends by an exception.
class RunningScan {
 public:
  explicit RunningScan(ScanMark& mark) : mark_(mark) { mark_.begin(); }
  ~RunningScan() { mark_.end(); }
  RunningScan(const RunningScan&) = delete;
  RunningScan& operator=(const RunningScan&) = delete;

 private:
  ScanMark& mark_;
};

/// Decides that a scan hangs: it was seen running `looks` times in a row. It counts looks instead
/// of comparing clocks, because a process that was stopped for 30 s in the middle of a scan
/// (SIGSTOP, a suspended machine) must go on, not end in FAULT.
class ScanWatchdog {
 public:
  static constexpr int looks = 5;

  /// `mark` as read now. True once for a scan that hangs.
  bool look(std::uint64_t mark) {
    const bool same_scan = mark == last_ && (mark & 1) != 0;
    seen_ = same_scan ? seen_ + 1 : 0;
    last_ = mark;
    return seen_ == looks;
  }

 private:
  std::uint64_t last_ = 0;
  int seen_ = 0;
};

/// A thread that looks at `mark` every limit / looks and sets `control.abort` when the scan hangs:
/// the generated code then leaves at its next loop back edge with ScanFault::Kind::watchdog.
class WatchdogThread {
 public:
  WatchdogThread(const ScanMark& mark, ScanControl& control, std::chrono::nanoseconds limit);
  ~WatchdogThread();
  WatchdogThread(const WatchdogThread&) = delete;
  WatchdogThread& operator=(const WatchdogThread&) = delete;

 private:
  void watch(std::chrono::nanoseconds period);

  const ScanMark& mark_;
  ScanControl& control_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;  ///< Last: it starts when all else stands.
};

}  // namespace wl::plc
