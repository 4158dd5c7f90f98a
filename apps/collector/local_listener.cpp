#include "apps/collector/local_listener.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace wl {
namespace {

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) {
    return fail(Errc::invalid_argument,
                fmt::format("{} is too long for a socket ({} of {} characters): set "
                            "WATTLINE_RUN_DIR to a shorter path",
                            text, text.size(), sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  return address;
}

UniqueFd make_socket() {
  return UniqueFd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

const sockaddr* plain(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// Removes what a process left that did not end cleanly.
Result<void> remove_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) {
    return fail(
        Errc::invalid_argument,
        fmt::format("{} stands where the live socket belongs: move it away", path.string()));
  }
  const UniqueFd probe = make_socket();
  if (::connect(probe.get(), plain(address), sizeof address) == 0 || errno != ECONNREFUSED) {
    return fail(Errc::conflict, fmt::format("another collector listens on {}", path.string()));
  }
  ::unlink(path.c_str());
  return {};
}

}  // namespace

Result<UniqueFd> listen_at(const std::filesystem::path& path) {
  const auto address = address_of(path);
  if (!address) return std::unexpected(address.error());
  if (auto clear = remove_stale(path, *address); !clear) return std::unexpected(clear.error());
  UniqueFd listener = make_socket();
  const mode_t before = ::umask(0177);  // The file must never be open to others, not for a moment.
  const int bound = ::bind(listener.get(), plain(*address), sizeof *address);
  const int reason = errno;
  ::umask(before);
  if (bound != 0 || ::listen(listener.get(), 64) != 0) {
    return fail(Errc::permission, fmt::format("cannot listen on {}: {}", path.string(),
                                              std::strerror(bound != 0 ? reason : errno)));
  }
  return listener;
}

}  // namespace wl
