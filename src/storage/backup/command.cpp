#include "storage/backup/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace wl::storage {
namespace {

constexpr std::size_t most_complaint = 2000;
constexpr int look_every_ms = 200;

/// Two ends of a pipe; both close themselves.
class Pipe {
 public:
  Pipe() { opened_ = ::pipe2(ends_, O_CLOEXEC) == 0; }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  bool opened() const { return opened_; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_end(int which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
  bool opened_ = false;
};

/// A running program: killed and reaped when nobody waited for it.
class Running {
 public:
  explicit Running(pid_t pid) : pid_(pid) {}
  ~Running() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_;
};

Result<pid_t> start(const Command& command, const Pipe& output, const Pipe& complaints) {
  std::vector<char*> arguments;
  std::vector<std::string> words = command.words;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string input = command.input.empty() ? "/dev/null" : command.input.string();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.write_end(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, complaints.write_end(), STDERR_FILENO);
  pid_t pid = 0;
  const int cause =
      ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (cause == 0) return pid;
  return fail(cause == ENOENT ? Errc::not_found : Errc::unavailable,
              fmt::format("cannot start {}: {}", command.words[0], std::strerror(cause)));
}

/// False at the end of the stream.
bool read_some(int fd, std::string& into, std::size_t& size) {
  const ssize_t n = ::read(fd, into.data(), into.size());
  size = n > 0 ? static_cast<std::size_t>(n) : 0;
  return n > 0 || (n < 0 && errno == EINTR);
}

}  // namespace

Result<void> run_command(const Command& command, const TakeOutput& take,
                         const std::function<Result<void>()>& still_wanted) {
  Pipe output;
  Pipe complaints;
  if (!output.opened() || !complaints.opened()) {
    return fail(Errc::unavailable, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  const auto pid = start(command, output, complaints);
  if (!pid) return std::unexpected(pid.error());
  Running running{*pid};
  output.close_end(1);
  complaints.close_end(1);
  std::string buffer(1u << 20, '\0');
  std::string said;
  pollfd open[] = {{output.read_end(), POLLIN, 0}, {complaints.read_end(), POLLIN, 0}};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    ::poll(open, 2, look_every_ms);
    if (const auto wanted = still_wanted(); !wanted) return wanted;
    std::size_t size = 0;
    if (open[0].revents != 0) {
      if (!read_some(open[0].fd, buffer, size)) open[0].fd = -1;
      const auto taken = take(std::string_view(buffer).substr(0, size));
      if (!taken) return taken;
    }
    if (open[1].revents != 0) {
      if (!read_some(open[1].fd, buffer, size)) open[1].fd = -1;
      said.append(buffer, 0,
                  std::min(size, most_complaint - std::min(said.size(), most_complaint)));
    }
  }
  const int status = running.wait();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  while (said.ends_with('\n')) said.pop_back();
  return fail(Errc::unavailable, fmt::format("{} failed: {}", command.words[0], said));
}

}  // namespace wl::storage
