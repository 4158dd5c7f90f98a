#include "apps/wattline/supervise/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "base/check.hpp"

namespace wl::supervise {
namespace {

/// Between fork and exec: only async-signal-safe calls, nothing that allocates.
[[noreturn]] void become(char* const* arguments, int output, pid_t supervisor) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != supervisor) ::_exit(0);  // It died before prctl().
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

std::string ExitCause::text() const {
  if (signal != 0) return fmt::format("signal {} ({})", signal, ::strsignal(signal));
  if (code == 127) return "exit code 127 (the program is missing or cannot run)";
  return fmt::format("exit code {}", code);
}

Child::~Child() {
  if (pid_ == 0) return;
  send(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  forget();
}

Result<void> Child::spawn() {
  WL_CHECK(pid_ == 0);
  const int output = ::open(spec_.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) {
    return fail(Errc::permission,
                fmt::format("cannot write {}: {}", spec_.output.string(), std::strerror(errno)));
  }
  std::error_code ignored;
  output_start_ = std::filesystem::file_size(spec_.output, ignored);
  std::string program = spec_.program.string();
  std::vector<std::string> words = spec_.arguments;
  std::vector<char*> arguments{program.data()};
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const pid_t self = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(arguments.data(), output, self);
  const int cause = errno;
  ::close(output);
  if (pid < 0) {
    return fail(Errc::unavailable,
                fmt::format("cannot start {}: {}", program, std::strerror(cause)));
  }
  pid_ = pid;
  // The wrapper in <sys/pidfd.h> of glibc 2.36 lacks its extern "C".
  pid_fd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  return {};
}

void Child::send(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);  // Not reaped yet, so the pid is still ours.
}

std::optional<ExitCause> Child::reap() {
  if (pid_ == 0) return std::nullopt;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  forget();
  if (WIFSIGNALED(status)) return ExitCause{.code = 0, .signal = WTERMSIG(status)};
  return ExitCause{.code = WEXITSTATUS(status), .signal = 0};
}

void Child::forget() {
  if (pid_fd_ >= 0) ::close(pid_fd_);
  pid_ = 0;
  pid_fd_ = -1;
}

std::string Child::output_tail(std::size_t limit) const {
  std::ifstream file(spec_.output, std::ios::binary);
  file.seekg(0, std::ios::end);
  const auto end = static_cast<std::uintmax_t>(std::max<std::streamoff>(file.tellg(), 0));
  const std::uintmax_t wanted = end > limit ? end - limit : 0;
  const std::uintmax_t from = std::max(std::min(output_start_, end), wanted);
  file.seekg(static_cast<std::streamoff>(from));
  std::string text(end - from, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

void Child::bound_output(std::uintmax_t limit) const {
  std::error_code error;
  if (std::filesystem::file_size(spec_.output, error) <= limit || error) return;
  // The process keeps the file open for appending, so the file is copied and emptied, not renamed.
  std::filesystem::copy_file(spec_.output, spec_.output.string() + ".1",
                             std::filesystem::copy_options::overwrite_existing, error);
  std::filesystem::resize_file(spec_.output, 0, error);
}

}  // namespace wl::supervise
