// Hours of the line in seconds: the same Resource under a clock that only counts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "plc/runtime/scan_cycle.hpp"

namespace wl::plc {

/// A value that an operator or a test sets at some time of the run.
struct TimedWrite {
  std::chrono::nanoseconds at{};
  std::size_t symbol = 0;
  Value value;
};

struct VirtualRun {
  std::chrono::nanoseconds duration{};
  Timestamp start{};               ///< Wall-clock time of the first scan.
  std::vector<TimedWrite> writes;  ///< In any order.
  /// Asked before each second of virtual time, with the wall clock's time of the next scan; the run
  /// ends when it says no. Null: always yes.
  std::function<bool(Timestamp)> go_on = nullptr;
};

struct VirtualOutcome {
  std::uint64_t scans = 0;
  std::chrono::nanoseconds reached{};  ///< Less than the duration after a fault.
  std::vector<std::string> refused;    ///< Writes that were not accepted, a line each.
};

/// Scans from 0 until `duration` (exclusive), `go_on` or a fault, as fast as it goes, in this
/// thread. Every scan is reported to the cycle's Publish with virtual times. Deterministic: the
/// same program and run give the same reports.
VirtualOutcome run_virtual(Resource& resource, ScanCycle& cycle, VirtualRun run);

}  // namespace wl::plc
