#include "process_facts.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace wl::bench {
namespace {

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read: the process has ended");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

double cpu_seconds_of(const std::vector<int>& pids) {
  double ticks = 0;
  for (const int pid : pids) {
    const std::string stat = text_of_file(fmt::format("/proc/{}/stat", pid));
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    for (int i = 0; i < 4; ++i) {  // utime stime cutime cstime
      double field = 0;
      fields >> field;
      ticks += field;
    }
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_bytes_of(int pid) {
  std::istringstream status(text_of_file(fmt::format("/proc/{}/status", pid)));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) * 1024;
  }
  throw std::runtime_error("no VmRSS in status");
}

}  // namespace wl::bench
