// The address of a Unix socket whose path may be longer than the 107 bytes that fit into one.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

namespace wl::supervise {

/// Names the folder by an open descriptor, so that only the file name counts. Use it for bind()
/// and connect() while it lives.
class UnixAddress {
 public:
  explicit UnixAddress(const std::filesystem::path& path)
      : directory_(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address_.sun_family = AF_UNIX;
    const auto name = fmt::format("/proc/self/fd/{}/{}", directory_, path.filename().string());
    name.copy(address_.sun_path, sizeof address_.sun_path - 1);
  }
  ~UnixAddress() {
    if (directory_ >= 0) ::close(directory_);
  }
  UnixAddress(const UnixAddress&) = delete;
  UnixAddress& operator=(const UnixAddress&) = delete;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return sizeof address_; }

 private:
  int directory_;
  sockaddr_un address_{};
};

}  // namespace wl::supervise
