// Figures of a process from /proc.
#pragma once

#include <sys/types.h>

#include <optional>

namespace wl {

struct ProcessFigures {
  double cpu_seconds = 0;  ///< User and system time since its start.
  /// PSS in MB (10^6 bytes): shared pages are divided among their users. Nothing when the kernel
  /// does not tell.
  std::optional<double> memory_mb = {};
};

/// Nothing when there is no such process or it belongs to somebody else.
std::optional<ProcessFigures> process_figures(pid_t pid);

}  // namespace wl
