// One child process: started with its output in a file, ended by pid. No policy.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace wl::supervise {

struct ProgramSpec {
  std::string name;  ///< plc, gateway, collector, web: also the name of its status file.
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::filesystem::path output;  ///< stdout and stderr are appended here: logs/plc.out.
};

/// How a process ended.
struct ExitCause {
  int code = 0;    ///< Of exit(); meaningful when signal is 0.
  int signal = 0;  ///< That ended it.

  std::string text() const;  ///< `exit code 2` or `signal 9 (Killed)`.
};

/// Owns at most one running process. It is in a process group of its own, so that Ctrl-C reaches
/// the supervisor only, and gets SIGTERM when the supervisor dies however hard. One thread.
class Child {
 public:
  explicit Child(ProgramSpec spec) : spec_(std::move(spec)) {}
  ~Child();  ///< SIGKILL to what still runs, and reaps it.
  Child(Child&&) = delete;

  /// Precondition: nothing runs.
  Result<void> spawn();
  void send(int signal) const;
  /// The cause once the process has ended; does not wait.
  std::optional<ExitCause> reap();

  pid_t pid() const { return pid_; }      ///< 0: nothing runs.
  int pid_fd() const { return pid_fd_; }  ///< Readable when it ended; -1: nothing runs.
  const ProgramSpec& spec() const { return spec_; }

  /// What the newest process wrote to its output: the last `limit` bytes of it at most.
  std::string output_tail(std::size_t limit = 4096) const;
  /// Keeps the output file below `limit` bytes by starting it anew; the old one becomes `.1`.
  void bound_output(std::uintmax_t limit) const;

 private:
  void forget();

  ProgramSpec spec_;
  pid_t pid_ = 0;
  int pid_fd_ = -1;
  std::uintmax_t output_start_ = 0;  // Size of the output file when the newest process began.
};

}  // namespace wl::supervise
