#include "base/host/process_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/durable_file.hpp"
#include "base/process_status.hpp"
#include "base/quantity.hpp"

namespace wl {
namespace {

std::optional<pid_t> pid_in(const std::filesystem::path& path) {
  auto text = read_file(path, 64);
  if (!text) return std::nullopt;
  while (text->ends_with('\n')) text->pop_back();
  const auto pid = parse_integer(*text, 1, 1 << 30);
  return pid ? std::optional(static_cast<pid_t>(*pid)) : std::nullopt;
}

}  // namespace

std::filesystem::path supervisor_pid_path(const std::filesystem::path& run_directory) {
  return run_directory / "wattline.pid";
}

std::optional<pid_t> running_supervisor(const std::filesystem::path& run_directory) {
  const auto path = supervisor_pid_path(run_directory);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  const bool free = ::flock(fd, LOCK_SH | LOCK_NB) == 0;
  ::close(fd);
  return free ? std::nullopt : pid_in(path);
}

std::optional<pid_t> running_process(const std::filesystem::path& run_directory,
                                     const std::string& name) {
  const auto status = read_status(run_directory, name);
  if (!status || status->pid <= 0) return std::nullopt;
  std::error_code error;
  const auto program =
      std::filesystem::read_symlink(fmt::format("/proc/{}/exe", status->pid), error);
  const std::string kind = name.substr(0, name.find_first_of("0123456789"));  // web2: web.
  // " (deleted)" follows the name when a new build replaced the file.
  if (error || !program.filename().string().starts_with("wattline-" + kind)) return std::nullopt;
  return status->pid;
}

std::vector<std::string> running_web_instances(const std::filesystem::path& run_directory) {
  std::vector<std::string> running;
  for (int instance = 2; instance <= 99; ++instance) {
    const std::string name = fmt::format("web{}", instance);
    if (running_process(run_directory, name)) running.push_back(name);
  }
  return running;
}

std::string_view word_of(ProcessState::Life life) {
  switch (life) {
    case ProcessState::Life::starting:
      return "starting";
    case ProcessState::Life::running:
      return "running";
    case ProcessState::Life::hung:
      return "hung";
    default:
      return "not running";
  }
}

ProcessState state_of_process(const std::filesystem::path& run_directory, const std::string& name,
                              Timestamp now) {
  ProcessState state;
  state.name = name;
  state.reason = "not running";
  const auto pid = name == supervisor_name ? running_supervisor(run_directory)
                                           : running_process(run_directory, name);
  if (!pid) return state;
  state.pid = *pid;
  const auto status = read_status(run_directory, name);
  if (!status || status->pid != *pid) {
    state.life = ProcessState::Life::starting;
    state.reason = "no heartbeat yet";
    return state;
  }
  const Milliseconds age = now - status->heartbeat_at;
  const bool hung = age > status_stale_after;
  state.life = hung ? ProcessState::Life::hung : ProcessState::Life::running;
  state.version = status->version;
  state.healthy = status->healthy && !hung;
  state.reason = hung ? fmt::format("last heartbeat {} s ago", age.count() / 1000) : status->reason;
  state.uptime = now - status->started_at;
  state.heartbeat_age = age;
  state.details = status->details;
  return state;
}

std::vector<ProcessState> states_of_processes(const std::filesystem::path& run_directory,
                                              Timestamp now) {
  std::vector<ProcessState> states{state_of_process(run_directory, supervisor_name, now)};
  for (const char* name : process_names)
    states.push_back(state_of_process(run_directory, name, now));
  for (const std::string& name : running_web_instances(run_directory))
    states.push_back(state_of_process(run_directory, name, now));
  return states;
}

}  // namespace wl
