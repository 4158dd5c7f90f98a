// Logging for every process: spdlog, one rotated file a process and, at a terminal, the screen.
#pragma once

#include <spdlog/spdlog.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace wl {

struct LogOptions {
  std::filesystem::path directory;  ///< Created when missing.
  std::string process;              ///< `plc` gives `<directory>/plc.log`.
  std::string level = "INFO";       ///< DEBUG, INFO, WARNING, ERROR, CRITICAL.
  std::uint64_t max_bytes = 10'000'000;
  std::uint32_t backups = 5;  ///< Rotated files kept beside the current one.
  bool also_stderr = true;
};

/// Installs spdlog's default logger. The rooms then call spdlog::info(...) and so on. Each call is
/// one line of the file, whatever is in the message: see one_line().
/// Log an error where it is handled, once; never log and return it.
Result<void> start_logging(const LogOptions& options);

}  // namespace wl
