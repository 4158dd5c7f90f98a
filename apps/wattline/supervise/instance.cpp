#include "apps/wattline/supervise/instance.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/durable_file.hpp"
#include "base/process_status.hpp"
#include "base/quantity.hpp"

namespace wl::supervise {
namespace {

std::optional<pid_t> pid_in(const std::filesystem::path& path) {
  auto text = read_file(path, 64);
  if (!text) return std::nullopt;
  while (text->ends_with('\n')) text->pop_back();
  const auto pid = parse_integer(*text, 1, 1 << 30);
  return pid ? std::optional(static_cast<pid_t>(*pid)) : std::nullopt;
}

}  // namespace

std::filesystem::path pid_path(const std::filesystem::path& run_directory) {
  return run_directory / "wattline.pid";
}

std::optional<pid_t> running_supervisor(const std::filesystem::path& run_directory) {
  const auto path = pid_path(run_directory);
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
  // " (deleted)" follows the name when a new build replaced the file.
  if (error || !program.filename().string().starts_with("wattline-" + name)) return std::nullopt;
  return status->pid;
}

}  // namespace wl::supervise
