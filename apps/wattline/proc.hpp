// Figures of a process from /proc.
#pragma once

#include <sys/types.h>

#include <optional>

namespace wl::command {

struct ProcessFigures {
  double cpu_seconds = 0;  ///< User and system time since its start.
  double memory_mb = 0;    ///< PSS in MB (10^6 bytes): shared pages are divided among their users.
};

/// Nothing when there is no such process or it belongs to somebody else.
std::optional<ProcessFigures> process_figures(pid_t pid);

}  // namespace wl::command
