#include "apps/wattline/demo/pipe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

namespace wl::demo {
namespace {

using supervise::ExitCause;

constexpr std::chrono::milliseconds look_each{50};

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { close(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  void close() {
    if (const int fd = std::exchange(fd_, -1); fd >= 0) ::close(fd);
  }

 private:
  int fd_;
};

/// -1: this process's own.
struct Streams {
  int in = -1;
  int out = -1;
  int err = -1;
};

/// Between fork and exec: only async-signal-safe calls, nothing that allocates.
[[noreturn]] void become(char* const* arguments, const Streams& streams, pid_t parent) {
  ::setpgid(0, 0);  // Ctrl-C reaches the parent only.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(0);
  if (streams.in >= 0) ::dup2(streams.in, STDIN_FILENO);
  if (streams.out >= 0) ::dup2(streams.out, STDOUT_FILENO);
  if (streams.err >= 0) ::dup2(streams.err, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGTTOU, SIG_IGN);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

/// A process of ours; killed when it still runs at the end.
class Process {
 public:
  Process(const PipedProgram& program, const Streams& streams) {
    std::string path = program.program.string();
    std::vector<std::string> words = program.arguments;
    std::vector<char*> arguments{path.data()};
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t self = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) become(arguments.data(), streams, self);
  }
  ~Process() {
    if (pid_ <= 0 || cause_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  bool started() const { return pid_ > 0; }
  void terminate() const {
    if (!cause_) ::kill(pid_, SIGTERM);  // Not reaped yet, so the pid is still ours.
  }
  bool ended() {
    int status = 0;
    if (cause_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return cause_.has_value();
    cause_ = WIFSIGNALED(status) ? ExitCause{.code = 0, .signal = WTERMSIG(status)}
                                 : ExitCause{.code = WEXITSTATUS(status), .signal = 0};
    return true;
  }
  ExitCause cause() const { return cause_.value_or(ExitCause{}); }

 private:
  pid_t pid_ = 0;
  std::optional<ExitCause> cause_;
};

}  // namespace

Result<PipeEnd> run_pipe(const PipedProgram& writer, const PipedProgram& reader,
                         const std::filesystem::path& writer_log, StopSignal& stop) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(Errc::unavailable, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  Fd out(ends[0]);
  Fd in(ends[1]);
  const Fd log(::open(writer_log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (log.get() < 0)
    return fail(Errc::permission,
                fmt::format("cannot write {}: {}", writer_log.string(), std::strerror(errno)));
  ::fcntl(in.get(), F_SETPIPE_SZ, 1 << 20);  // Fewer turns; the default will do as well.
  Process from(writer, {.out = in.get(), .err = log.get()});
  Process to(reader, {.in = out.get()});
  in.close();
  out.close();
  if (!from.started() || !to.started()) return fail(Errc::unavailable, "cannot start a process");

  PipeEnd result;
  for (bool from_ended = false, to_ended = false; !from_ended || !to_ended;) {
    if (!result.interrupted && stop.wait(look_each)) {
      result.interrupted = true;
      from.terminate();
    } else if (result.interrupted) {
      ::usleep(static_cast<useconds_t>(look_each.count() * 1000));
    }
    from_ended = from.ended();
    to_ended = to.ended();
  }
  result.writer = from.cause();
  result.reader = to.cause();
  return result;
}

}  // namespace wl::demo
