#include "base/open_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace wl {
namespace {

Errc code_of(int cause) {
  switch (cause) {
    case ENOENT:
      return Errc::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return Errc::permission;
    case EEXIST:
    case EWOULDBLOCK:
      return Errc::conflict;
    default:
      return Errc::unavailable;
  }
}

std::unexpected<Error> system_error(std::string_view doing, const std::filesystem::path& path) {
  const int cause = errno;
  if (cause == ENOSPC || cause == EDQUOT) {
    return fail(Errc::unavailable, fmt::format("cannot {} {}: the disk is full. Free some space "
                                               "there and try again",
                                               doing, path.string()));
  }
  return fail(code_of(cause),
              fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(cause)));
}

int flags_of(OpenMode how) {
  switch (how) {
    case OpenMode::read:
      return O_RDONLY;
    case OpenMode::update:
      return O_RDWR | O_CREAT;
    case OpenMode::create:
      break;
  }
  return O_RDWR | O_CREAT | O_EXCL;
}

}  // namespace

Result<OpenFile> OpenFile::open(const std::filesystem::path& path, OpenMode how, unsigned mode) {
  const int fd = ::open(path.c_str(), flags_of(how) | O_CLOEXEC, mode);
  if (fd < 0) return system_error(how == OpenMode::read ? "read" : "write", path);
  return OpenFile{fd, path};
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

OpenFile::~OpenFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::uint64_t> OpenFile::size() const {
  struct stat status{};
  if (::fstat(fd_, &status) != 0) return system_error("look at", path_);
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> OpenFile::read_at(std::uint64_t offset, std::span<char> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t n =
        ::pread(fd_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("read", path_);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<void> OpenFile::write_at(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("write", path_);
    offset += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> OpenFile::resize(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return system_error("cut", path_);
  return {};
}

Result<void> OpenFile::sync() {
  if (::fsync(fd_) != 0) return system_error("sync", path_);
  return {};
}

void OpenFile::forget_cache() const {
  ::posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED);
}

Result<void> OpenFile::lock() {
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return system_error("lock", path_);
  return fail(Errc::conflict, fmt::format("{} is in use by another process", path_.string()));
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_error("sync", directory);
  const bool synced = ::fsync(fd) == 0;
  const int cause = errno;
  ::close(fd);
  errno = cause;
  if (!synced) return system_error("sync", directory);
  return {};
}

}  // namespace wl
