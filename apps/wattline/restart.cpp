// `wattline restart`: checks first, then asks the running supervisor.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/mail_command.hpp"
#include "apps/wattline/plant_command.hpp"
#include "apps/wattline/supervise/control.hpp"
#include "base/host/process_state.hpp"

namespace wl::command {
namespace {

/// Runs a program on this terminal and returns its exit code; 127 when it cannot run.
int run_here(const std::filesystem::path& program, std::vector<std::string> words) {
  std::string name = program.string();
  std::vector<char*> arguments{name.data()};
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, name.c_str(), nullptr, nullptr, arguments.data(), environ);
  if (error != 0) {
    fmt::print(stderr, "error: cannot start {}: {}\n", name, std::strerror(error));
    return 127;
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// What a process would read at its start: the Structured Text, the tags. Its words are printed.
bool check_input(const Settings& settings, const std::string& name) {
  return run_here(program_folder() / ("wattline-" + name),
                  {"--check", "--root", settings.root.string()}) == 0;
}

/// What those who restart would read at their start; collector and web read the plant, the
/// collector also what notifies.
bool is_input_sound(const Settings& settings, const std::vector<std::string>& processes) {
  const auto wanted = [&](std::string_view name) {
    return processes.empty() || std::ranges::find(processes, name) != processes.end();
  };
  if (wanted("plc") && !check_input(settings, "plc")) return false;
  if (wanted("gateway") && !check_input(settings, "gateway")) return false;
  if ((wanted("collector") || wanted("web")) && !is_plant_sound(settings)) return false;
  return !wanted("collector") || is_notification_sound(settings);
}

/// The exit code; what the supervisor says meanwhile is printed.
int ask(const Settings& settings, const std::string& request) {
  const auto answer = supervise::ask_supervisor(settings.run_dir, request, Milliseconds{60'000},
                                                [](const std::string& line) {
                                                  fmt::print("{}\n", line);
                                                  std::fflush(stdout);
                                                });
  if (answer) return *answer;
  fmt::print(stderr, "error: {}\n", answer.error().what);
  return 1;
}

}  // namespace

int restart(const std::filesystem::path& root, const std::vector<std::string>& processes) {
  const Settings settings = read_settings(root);  // A mistake in .env stops here, the line runs on.
  if (!running_supervisor(settings.run_dir)) {
    fmt::print(stderr, "Wattline is not running. Start it with ./start_system.sh\n");
    return 1;
  }
  if (!is_input_sound(settings, processes)) {
    fmt::print(stderr, "Nothing was restarted: the line runs on with what it has.\n");
    return 2;
  }
  if (processes.empty()) return ask(settings, "restart");
  for (const char* name : process_names) {  // In the order in which they start.
    if (std::ranges::find(processes, name) == processes.end()) continue;
    if (const int code = ask(settings, fmt::format("restart {}", name)); code != 0) return code;
  }
  return 0;
}

}  // namespace wl::command
