#include "web/live/unix_socket.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace wl::web {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int open_unix_socket() {
  return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

std::string connect_to(int socket, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fmt::format("the path {} is too long for a socket; set WATTLINE_RUN_DIR", path);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return {};
  }
  return fmt::format("the collector does not answer on live.sock ({}); is it running?",
                     std::strerror(errno));
}

}  // namespace wl::web
