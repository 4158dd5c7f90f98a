// `wattline down`.
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/supervise/leftovers.hpp"
#include "base/host/process_state.hpp"

namespace wl::command {
namespace {

constexpr Milliseconds stop_limit{60'000};  // Four times ten seconds, and room.

void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

/// In the order in which they stop.
std::vector<std::string> running_names(const Settings& settings) {
  std::vector<std::string> running;
  for (const char* name : process_names) {
    if (running_process(settings.run_dir, name)) running.insert(running.begin(), name);
  }
  return running;
}

/// Tells of each process as it ends; false when the supervisor still runs after the limit.
bool watch_until_down(const Settings& settings, std::vector<std::string> running, int pid_fd) {
  const auto begin = std::chrono::steady_clock::now();
  bool ended = false;
  while (!ended && std::chrono::steady_clock::now() - begin < stop_limit) {
    pollfd waiting{pid_fd, POLLIN, 0};
    ended = ::poll(&waiting, 1, 50) > 0;
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin);
    std::erase_if(running, [&](const std::string& name) {
      if (!ended && running_process(settings.run_dir, name)) return false;
      say(fmt::format("{:<9} stopped after {:.1f} s", name, seconds.count()));
      return true;
    });
  }
  return ended;
}

}  // namespace

int down(const std::filesystem::path& root) {
  const Settings settings = read_settings(root);
  const auto supervisor = running_supervisor(settings.run_dir);
  if (!supervisor) {
    const int found = supervise::stop_leftovers(settings.run_dir, process_names, say);
    if (found == 0) say("Wattline is not running.");
    return 0;
  }
  const int pid_fd = static_cast<int>(::syscall(SYS_pidfd_open, *supervisor, 0));
  const std::vector<std::string> running = running_names(settings);
  if (pid_fd < 0 || ::kill(*supervisor, SIGTERM) != 0) {
    fmt::print(stderr, "error: cannot stop pid {}: {}\n", *supervisor, std::strerror(errno));
    return 1;
  }
  const bool ended = watch_until_down(settings, running, pid_fd);
  ::close(pid_fd);
  if (!ended) {
    ::kill(*supervisor, SIGKILL);
    say(fmt::format("The supervisor (pid {}) did not stop within 60 s and was killed.",
                    *supervisor));
    supervise::stop_leftovers(settings.run_dir, process_names, say);
    return 1;
  }
  say("Wattline is stopped.");
  return 0;
}

}  // namespace wl::command
