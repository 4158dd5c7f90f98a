// What run/plc.status.json says about the PLC.
#pragma once

#include <cstdint>
#include <string>

#include "base/process_status.hpp"
#include "plc/runtime/scan_loop.hpp"

namespace wl {

/// What the main thread knows each second.
struct PlcCondition {
  std::uint64_t cycles = 0;  ///< ScanLoop::cycles(): moves as long as the scan loop lives.
  plc::LoopStatus loop;
  std::string fault;           ///< Empty: RUN.
  std::string retain_trouble;  ///< RetainStore::trouble().
  std::size_t pous = 0;
  std::uint64_t boot_count = 0;
  std::uint64_t sessions = 0;  ///< Of the OPC UA server.
};

/// Turns conditions into status files. The heartbeat is the last time at which the scan counter
/// was seen to have moved, not the time of writing: a hung scan loop in a living process is hung.
class StatusReport {
 public:
  /// A counter that stands for this long is reported as unhealthy; the heartbeat stands as well.
  static constexpr Milliseconds stall_limit{3000};

  StatusReport(std::string version, int pid, Timestamp started_at);

  ProcessStatus at(Timestamp now, const PlcCondition& condition);

 private:
  ProcessStatus status_;
  std::uint64_t last_cycles_ = 0;
};

}  // namespace wl
