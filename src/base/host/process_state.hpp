// Which processes of an installation live, and what they say of themselves.
#pragma once

#include <sys/types.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace wl {

/// The processes in the order in which they start: also the names of their status files and logs.
/// The supervisor that starts them is `wattline`.
inline constexpr std::array process_names{"plc", "gateway", "collector", "web"};
inline constexpr const char* supervisor_name = "wattline";

/// Where the supervisor's InstanceLock is: one supervisor an installation.
std::filesystem::path supervisor_pid_path(const std::filesystem::path& run_directory);

/// The pid of the supervisor that holds the lock; nothing when none runs.
std::optional<pid_t> running_supervisor(const std::filesystem::path& run_directory);

/// A `wattline-<name>` process that the status file names and that still lives; nothing otherwise.
/// A pid that was given to another program in the meantime does not count.
std::optional<pid_t> running_process(const std::filesystem::path& run_directory,
                                     const std::string& name);

/// The further web processes that somebody started by hand or by systemd (`--instance 2` …) and
/// that live: web2, web3 … up to web99. The supervisor does not start or stop them.
std::vector<std::string> running_web_instances(const std::filesystem::path& run_directory);

/// What the status file and /proc say of one process at a moment.
struct ProcessState {
  enum class Life {
    not_running,
    starting,  ///< It lives and has not written its status yet.
    running,
    hung,  ///< It lives and its heartbeat is older than status_stale_after.
  };

  std::string name;
  Life life = Life::not_running;
  pid_t pid = 0;  ///< 0: not running.
  std::string version;
  bool healthy = false;
  /// Why not healthy, for a person. A healthy process may have something to say, too.
  std::string reason;
  std::optional<Milliseconds> uptime;         ///< Nothing before the first heartbeat.
  std::optional<Milliseconds> heartbeat_age;  ///< Below 0 when the clock was set back.
  std::vector<std::pair<std::string, std::string>> details = {};  ///< Of its status file.
};

/// `running`, `starting`, `hung`, `not running`.
std::string_view word_of(ProcessState::Life life);

/// `name` is one of process_names or supervisor_name.
ProcessState state_of_process(const std::filesystem::path& run_directory, const std::string& name,
                              Timestamp now);

/// The supervisor, then the others in their order, then further web processes.
std::vector<ProcessState> states_of_processes(const std::filesystem::path& run_directory,
                                              Timestamp now);

}  // namespace wl
