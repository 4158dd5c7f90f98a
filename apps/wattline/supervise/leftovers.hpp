// Processes that outlived a supervisor that was killed.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace wl::supervise {

/// Ends every `wattline-<name>` that a status file names: SIGTERM, after 10 s SIGKILL. Normally
/// there is none, because they get SIGTERM when their supervisor dies; one that hung then is left.
/// Call it only while no supervisor runs. Returns how many there were.
int stop_leftovers(const std::filesystem::path& run_directory, std::span<const char* const> names,
                   const std::function<void(const std::string&)>& report);

}  // namespace wl::supervise
