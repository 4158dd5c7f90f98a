// One turn of the PLC: scan, save, publish, in this order.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>

#include "base/time.hpp"
#include "plc/runtime/resource.hpp"
#include "plc/runtime/watchdog.hpp"

namespace wl::plc {

class RetainStore;

/// What is published of one scan. Valid inside the call only.
struct ScanReport {
  Timestamp time{};                        ///< Source time of all its values.
  std::span<const std::uint32_t> changed;  ///< Indexes into Resource::symbols().
  bool ran = false;                        ///< A complete scan with a program in it.
  bool faulted = false;                    ///< In FAULT since this scan or an earlier one.
};

/// Owns the order that makes retain trustworthy: a value is published only when the retain image
/// of its scan is written, so that nobody has seen a counter that a restart after kill -9 would
/// set back. When the disk refuses the image, values are published all the same (a blind line is
/// worse) and RetainStore::trouble() makes the process unhealthy. When publishing throws (no
/// memory), the scan goes on, and the next one publishes all variables. Pure in time; the thread
/// that calls run() owns it.
class ScanCycle {
 public:
  using Publish = std::function<void(const ScanReport&)>;

  /// `retain` may be null (virtual runs). All must outlive the cycle.
  ScanCycle(Resource& resource, RetainStore* retain, Publish publish);

  /// `now` is monotonic, `time` the wall clock of the same deadline. Returns how long the program
  /// itself took, for statistics. A fault is logged here, once, with POU and line.
  std::chrono::nanoseconds run(std::chrono::nanoseconds now, Timestamp time);

  /// For the watchdog: which scan runs.
  const ScanMark& mark() const { return mark_; }

 private:
  void publish(ScanReport report);

  Resource& resource_;
  RetainStore* retain_;
  Publish publish_;
  ScanMark mark_;
  bool fault_logged_ = false;
  bool publish_failed_ = false;
};

}  // namespace wl::plc
