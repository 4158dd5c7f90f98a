#include "base/host/process_figures.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <sstream>
#include <string>

#include "base/durable_file.hpp"

namespace wl {
namespace {

/// Fields 14 and 15 of /proc/<pid>/stat, counted behind the name, which may hold blanks.
std::optional<double> cpu_seconds_of(const std::string& stat) {
  const auto close = stat.rfind(')');
  if (close == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(close + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / double(::sysconf(_SC_CLK_TCK));
}

std::optional<double> pss_mb_of(const std::string& smaps) {
  const auto at = smaps.find("\nPss:");
  if (at == std::string::npos) return std::nullopt;
  double kib = 0;
  std::istringstream(smaps.substr(at + 5)) >> kib;
  return kib * 1024 / 1e6;
}

}  // namespace

std::optional<ProcessFigures> process_figures(pid_t pid) {
  const auto stat = read_file(fmt::format("/proc/{}/stat", pid));
  if (!stat) return std::nullopt;
  const auto cpu = cpu_seconds_of(*stat);
  if (!cpu) return std::nullopt;
  const auto smaps = read_file(fmt::format("/proc/{}/smaps_rollup", pid));
  return ProcessFigures{*cpu, smaps ? pss_mb_of(*smaps) : std::nullopt};
}

}  // namespace wl
