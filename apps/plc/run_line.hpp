// The normal mode of wattline-plc: the line runs until somebody stops it.
#pragma once

#include <filesystem>

#include "apps/settings/settings.hpp"
#include "base/instance_lock.hpp"
#include "base/stop_signal.hpp"
#include "plc/runtime/scan_program.hpp"

namespace wl {

struct LineRun {
  const plc::ScanProgram& program;
  std::size_t pous = 0;
  const Settings& settings;
  std::filesystem::path truth_log;  ///< Empty: none.
};

/// Restores VAR RETAIN, serves OPC UA, scans and writes run/plc.status.json each second until
/// `stop`. Then finishes the scan, brings VAR RETAIN to the disk and removes the status file.
/// Throws AlreadyRunning when another process has the data directory,
/// StartError when it cannot begin; nothing stored has changed then.
void run_line(const LineRun& run, StopSignal& stop);

}  // namespace wl
