// Two programs with a pipe between them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/wattline/supervise/child.hpp"
#include "base/stop_signal.hpp"

namespace wl::demo {

struct PipedProgram {
  std::filesystem::path program;
  std::vector<std::string> arguments;
};

struct PipeEnd {
  supervise::ExitCause writer;
  supervise::ExitCause reader;
  bool interrupted = false;  ///< Somebody asked to stop.
};

/// Runs both until both have ended. The reader has this process's stdout and stderr; the writer's
/// stderr is written to `writer_log`. Both get SIGTERM when this process dies. `stop` ends the
/// writer (SIGTERM), so that the reader sees a proper end. `unavailable`: they could not be
/// started.
Result<PipeEnd> run_pipe(const PipedProgram& writer, const PipedProgram& reader,
                         const std::filesystem::path& writer_log, StopSignal& stop);

}  // namespace wl::demo
