#include "base/instance_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/durable_file.hpp"

namespace wl {
namespace {

std::string holder_of(const std::filesystem::path& file) {
  std::string text = read_file(file, 64).value_or("");
  while (text.ends_with('\n')) text.pop_back();
  return text.empty() ? "unknown" : text;
}

}  // namespace

Result<InstanceLock> InstanceLock::take(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return fail(Errc::permission, fmt::format("cannot write {}: {}. Give this user write "
                                              "permission there",
                                              file.string(), std::strerror(errno)));
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);  // Not ours: leave the file alone.
    return fail(Errc::conflict, fmt::format("already running, pid {}", holder_of(file)));
  }
  InstanceLock lock{fd};
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 || ::write(fd, pid.data(), pid.size()) < 0) {
    return fail(Errc::unavailable,
                fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  }
  return lock;
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

InstanceLock::~InstanceLock() {
  if (fd_ < 0) return;
  // Emptied, not removed: whoever opened it a moment ago must lock the same file.
  [[maybe_unused]] const int emptied = ::ftruncate(fd_, 0);
  ::close(fd_);
}

InstanceLock take_alone(const std::filesystem::path& file) {
  auto lock = InstanceLock::take(file);
  if (lock) return std::move(*lock);
  if (lock.error().code == Errc::conflict) throw AlreadyRunning(lock.error().what);
  throw StartError(lock.error().what);
}

}  // namespace wl
