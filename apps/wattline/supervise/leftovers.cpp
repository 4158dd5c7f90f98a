#include "apps/wattline/supervise/leftovers.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

#include "base/host/process_state.hpp"

namespace wl::supervise {
namespace {

/// False when it still runs after `limit_ms`.
bool wait_for_end(int pid_fd, int limit_ms) {
  pollfd waiting{pid_fd, POLLIN, 0};
  return ::poll(&waiting, 1, limit_ms) > 0;
}

}  // namespace

int stop_leftovers(const std::filesystem::path& run_directory, std::span<const char* const> names,
                   const std::function<void(const std::string&)>& report) {
  int found = 0;
  for (const char* name : names) {
    const auto pid = running_process(run_directory, name);
    if (!pid) continue;
    const int pid_fd = static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0));
    if (pid_fd < 0) continue;
    ++found;
    ::kill(*pid, SIGTERM);
    bool ended = wait_for_end(pid_fd, 10'000);
    if (!ended) {
      ::kill(*pid, SIGKILL);
      ended = wait_for_end(pid_fd, 2'000);
    }
    ::close(pid_fd);
    report(fmt::format("{} of an earlier run (pid {}) {}", name, *pid,
                       ended ? "stopped" : "cannot be stopped; is it of another user?"));
  }
  return found;
}

}  // namespace wl::supervise
