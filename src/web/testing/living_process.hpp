// A process under the name of one of ours, with a status file.
#pragma once

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/process_status.hpp"

extern char** environ;

namespace wl::web::testing {

/// Runs until it goes. The program is a copy of `sleep`, named `wattline-<name>`.
class LivingProcess {
 public:
  LivingProcess(std::filesystem::path directory, const std::string& name)
      : directory_(std::move(directory)) {
    status_.name = name;
    status_.version = "1.0";
    const std::string program = directory_ / ("wattline-" + name);
    std::filesystem::copy_file("/bin/sleep", program);
    std::string words[] = {program, "120"};
    char* arguments[] = {words[0].data(), words[1].data(), nullptr};
    if (::posix_spawn(&status_.pid, program.c_str(), nullptr, nullptr, arguments, environ) != 0)
      throw std::runtime_error("cannot start " + program);
  }
  ~LivingProcess() {
    ::kill(status_.pid, SIGKILL);
    ::waitpid(status_.pid, nullptr, 0);
  }
  LivingProcess(const LivingProcess&) = delete;
  LivingProcess& operator=(const LivingProcess&) = delete;

  /// Writes its status file. It started a minute before.
  void tell(Timestamp at, bool healthy, const std::string& reason,
            std::vector<std::pair<std::string, std::string>> details = {}) {
    status_.started_at = at - std::chrono::minutes{1};
    status_.heartbeat_at = at;
    status_.healthy = healthy;
    status_.reason = reason;
    status_.details = std::move(details);
    const auto written = write_status(directory_, status_);
    if (!written) throw std::runtime_error(written.error().what);
  }

 private:
  std::filesystem::path directory_;
  ProcessStatus status_;
};

}  // namespace wl::web::testing
