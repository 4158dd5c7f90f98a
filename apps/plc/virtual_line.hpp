// The mode --virtual of wattline-plc: hours of the line in seconds.
#pragma once

#include "apps/plc/options.hpp"
#include "base/stop_signal.hpp"
#include "plc/runtime/scan_program.hpp"

namespace wl {

/// Runs the program on a virtual clock and writes the trace, or the values at the end when there
/// is no trace. Returns the exit code: 0, or 1 after a fault of the program. Throws StartError for
/// a --set that names no variable, and for files that cannot be written. `stop` ends the run after
/// a whole scan: trace, feed and retain image are then complete up to there.
int run_virtual_line(const plc::ScanProgram& program, const PlcOptions& options, StopSignal& stop);

}  // namespace wl
