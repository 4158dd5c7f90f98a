// What a process used so far, from /proc.
#pragma once

#include <cstddef>
#include <vector>

namespace wl::bench {

/// User and system seconds of these processes and of their children that ended.
double cpu_seconds_of(const std::vector<int>& pids);
/// Resident bytes, files included.
double resident_bytes_of(int pid);

}  // namespace wl::bench
