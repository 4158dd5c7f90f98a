// `wattline restart`: checks first, then asks the running supervisor.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/supervise/control.hpp"
#include "apps/wattline/supervise/instance.hpp"

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

}  // namespace

int restart(const std::filesystem::path& root, const std::string& process) {
  const Settings settings = read_settings(root);  // A mistake in .env stops here, the line runs on.
  if (!supervise::running_supervisor(settings.run_dir)) {
    fmt::print(stderr, "Wattline is not running. Start it with ./start_system.sh\n");
    return 1;
  }
  for (const char* name : {"plc", "gateway"}) {
    if (!process.empty() && process != name) continue;
    if (check_input(settings, name)) continue;
    fmt::print(stderr, "Nothing was restarted: the line runs on with what it has.\n");
    return 2;
  }
  const auto answer = supervise::ask_supervisor(settings.run_dir,
                                                process.empty() ? "restart" : "restart " + process,
                                                Milliseconds{60'000}, [](const std::string& line) {
                                                  fmt::print("{}\n", line);
                                                  std::fflush(stdout);
                                                });
  if (answer) return *answer;
  fmt::print(stderr, "error: {}\n", answer.error().what);
  return 1;
}

}  // namespace wl::command
