// The thread that scans on time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "base/snapshot_cell.hpp"
#include "plc/runtime/scan_cycle.hpp"
#include "plc/runtime/scan_schedule.hpp"
#include "plc/runtime/scan_statistics.hpp"

namespace wl::plc {

/// Renewed once a second.
struct LoopStatus {
  ScanFigures since_start;
  ScanFigures last_minute;
  double last_us = 0;
};

/// Runs a ScanCycle on absolute deadlines of CLOCK_MONOTONIC, under SCHED_FIFO where the system
/// permits it. The first deadline lies on a multiple of the interval on the wall clock, so that
/// source times are round numbers. When somebody sets the wall clock by more than 1 s the source
/// times follow, and the log says so; the deadlines never move. A scan that throws is logged, and
/// the next one comes at its deadline.
class ScanLoop {
 public:
  /// Both must outlive the loop; `interval` is Resource::tick().
  ScanLoop(ScanCycle& cycle, std::chrono::nanoseconds interval);
  ~ScanLoop();  ///< Stops.
  ScanLoop(const ScanLoop&) = delete;
  ScanLoop& operator=(const ScanLoop&) = delete;

  void start();
  /// Returns when the running scan has been published: within one interval.
  void stop();

  /// Cycles so far, also those in FAULT: when it moves, the loop lives. Any thread.
  std::uint64_t cycles() const { return cycles_.load(std::memory_order_relaxed); }
  /// Any thread.
  LoopStatus status() const { return *status_.get(); }

 private:
  void loop();
  std::chrono::nanoseconds one_scan(std::chrono::nanoseconds now, Timestamp time);
  void follow_wall_clock(SourceClock& clock) const;

  ScanCycle& cycle_;
  const std::chrono::nanoseconds interval_;
  ScanStatistics statistics_;
  SnapshotCell<LoopStatus> status_;
  std::atomic<std::uint64_t> cycles_ = 0;
  std::atomic<bool> stopping_ = false;
  bool scan_failed_ = false;  ///< Of the scan thread.
  std::thread thread_;
};

}  // namespace wl::plc
