// `wattline up`: the supervisor, in the foreground or behind.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/installation.hpp"
#include "apps/wattline/supervise/leftovers.hpp"
#include "apps/wattline/supervise/supervisor.hpp"
#include "base/host/process_state.hpp"
#include "storage/backup/backup.hpp"

namespace wl::command {
namespace {

using supervise::StartOutcome;

constexpr int already_running = 3;

supervise::BackupJobOptions backup_job(const Settings& settings) {
  return {.program = {.name = "backup",
                      .program = program_folder() / "wattline",
                      .arguments = {"backup", "--root", settings.root.string()},
                      .output = settings.log_dir / "backup.out"},
          .interval = settings.backup_interval,
          .newest = [folder = settings.backup_dir]() -> std::optional<Timestamp> {
            const auto found = storage::find_backups(folder);
            return found.empty() ? std::nullopt : std::optional(found.front().made_at);
          }};
}

supervise::SupervisorOptions options_for(const Settings& settings) {
  supervise::SupervisorOptions options;
  options.run_directory = settings.run_dir;
  options.version = WATTLINE_VERSION;
  for (const std::string name : process_names) {
    options.programs.push_back({.name = name,
                                .program = program_folder() / ("wattline-" + name),
                                .arguments = {"--root", settings.root.string()},
                                .output = settings.log_dir / (name + ".out")});
  }
  options.backup = backup_job(settings);
  return options;
}

int exit_code_of(StartOutcome outcome) {
  switch (outcome) {
    case StartOutcome::healthy:
    case StartOutcome::interrupted:
      return 0;
    case StartOutcome::configuration_error:
      return 2;
    default:
      return 1;
  }
}

void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
  spdlog::info("{}", line);
}

void say_where(const Settings& settings, StartOutcome outcome) {
  if (outcome == StartOutcome::degraded) {
    say("Wattline runs, but not everything is healthy; `wattline doctor` names the cause.");
  }
  say(fmt::format("Open     {}", web_address(settings)));
  say(fmt::format("Sign in  {}", account_hint(settings)));
}

/// The whole life of a supervisor. `on_started` is called once with the exit code of the start,
/// when the start is over and supervision goes on.
int run_supervisor(const std::filesystem::path& root, const std::function<void(int)>& on_started) {
  StopSignal stop;
  const Settings settings = read_settings(root);
  if (const auto made = prepare_directories(settings); !made) throw StartError(made.error().what);
  const auto lock = InstanceLock::take(supervisor_pid_path(settings.run_dir));
  if (!lock) {
    fmt::print(stderr, "{}\n", lock.error().what);
    return lock.error().code == Errc::conflict ? already_running : 1;
  }
  finish_interrupted_restore(settings);
  LogOptions log = settings.log_options("wattline");
  log.also_stderr = false;  // The lines for a person are printed already.
  if (const auto logging = start_logging(log); !logging) throw StartError(logging.error().what);
  supervise::stop_leftovers(settings.run_dir, process_names, say);
  const auto control = supervise::ControlSocket::listen(settings.run_dir);
  if (!control) throw StartError(control.error().what);

  if (!fill_first_history(settings, stop, say)) return 0;
  supervise::Supervisor supervisor{options_for(settings), stop, say};
  const StartOutcome outcome = supervisor.start_all();
  if (outcome <= StartOutcome::degraded) {
    say_where(settings, outcome);
    on_started(exit_code_of(outcome));
    supervisor.supervise(*control);
  }
  supervisor.stop_all();
  return outcome == StartOutcome::degraded ? 0 : exit_code_of(outcome);
}

/// Cuts the daemon loose from the terminal that started it.
void leave_terminal() {
  const int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, STDIN_FILENO);
  ::dup2(null, STDOUT_FILENO);
  ::dup2(null, STDERR_FILENO);
  if (null > STDERR_FILENO) ::close(null);
}

[[noreturn]] void be_daemon(const std::filesystem::path& root, int answer) {
  ::setsid();
  const auto tell = [&](int code) {
    const char byte = static_cast<char>(code);
    [[maybe_unused]] const auto written = ::write(answer, &byte, 1);
  };
  int code = 2;
  try {
    code = run_supervisor(root, [&](int started) {
      tell(started);
      leave_terminal();
    });
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
  }
  tell(code);
  spdlog::shutdown();
  ::_exit(code);
}

/// Waits for the answer of the daemon; Ctrl-C here stops it.
int wait_for_daemon(pid_t daemon, int answer) {
  StopSignal stop;
  bool asked = false;
  for (;;) {
    pollfd waiting[] = {{answer, POLLIN, 0}, {asked ? -1 : stop.fd(), POLLIN, 0}};
    ::poll(waiting, 2, -1);
    if (waiting[1].revents != 0) {
      asked = true;
      ::kill(daemon, SIGTERM);
    }
    if (waiting[0].revents == 0) continue;
    char code = 1;  // Stays when the daemon died without an answer.
    [[maybe_unused]] const auto got = ::read(answer, &code, 1);
    return code;
  }
}

}  // namespace

int up(const std::filesystem::path& root, Foreground foreground) {
  if (foreground == Foreground::yes) return run_supervisor(root, [](int) {});
  int answer[2];
  if (::pipe2(answer, O_CLOEXEC) != 0) throw StartError("cannot make a pipe");
  std::fflush(nullptr);
  const pid_t daemon = ::fork();
  if (daemon < 0) throw StartError("cannot fork");
  if (daemon == 0) be_daemon(root, answer[1]);
  ::close(answer[1]);
  return wait_for_daemon(daemon, answer[0]);
}

}  // namespace wl::command
