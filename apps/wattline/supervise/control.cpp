#include "apps/wattline/supervise/control.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "apps/wattline/supervise/unix_address.hpp"
#include "base/quantity.hpp"

namespace wl::supervise {
namespace {

constexpr std::size_t max_line = 4096;

int unix_socket() {
  return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/// Reads up to the next line feed; nothing at the end of the stream or after `limit`.
std::optional<std::string> read_line(int fd, std::string& rest, Milliseconds limit) {
  for (;;) {
    if (const auto end = rest.find('\n'); end != std::string::npos) {
      std::string line = rest.substr(0, end);
      rest.erase(0, end + 1);
      return line;
    }
    if (rest.size() > max_line) return std::nullopt;
    pollfd waiting{fd, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(limit.count())) <= 0) return std::nullopt;
    char buffer[1024];
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) return std::nullopt;
    rest.append(buffer, static_cast<std::size_t>(n));
  }
}

std::unexpected<Error> cannot(std::string_view action, const std::filesystem::path& path) {
  return fail(Errc::unavailable,
              fmt::format("cannot {} {}: {}", action, path.string(), std::strerror(errno)));
}

}  // namespace

ControlRequest::ControlRequest(ControlRequest&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), text_(std::move(other.text_)) {}

ControlRequest::~ControlRequest() {
  if (fd_ >= 0) ::close(fd_);
}

void ControlRequest::say(const std::string& line) const {
  const std::string text = line + "\n";
  // A slow or vanished client must not hold the supervisor up: what does not fit is lost.
  [[maybe_unused]] const auto sent =
      ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void ControlRequest::finish(int exit_code) const {
  say(fmt::format("exit {}", exit_code));
}

Result<ControlSocket> ControlSocket::listen(const std::filesystem::path& run_directory) {
  const auto path = run_directory / "wattline.sock";
  ::unlink(path.c_str());  // Left by a killed supervisor; the instance lock says none runs.
  const UnixAddress address{run_directory / "wattline.sock"};
  ControlSocket socket{unix_socket(), path};
  const mode_t before = ::umask(0177);
  const int bound = ::bind(socket.fd_, address.get(), address.size());
  ::umask(before);
  if (bound != 0 || ::listen(socket.fd_, 4) != 0) return cannot("listen on", path);
  return socket;
}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

ControlSocket::~ControlSocket() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(path_.c_str());
}

std::optional<ControlRequest> ControlSocket::accept() const {
  pollfd waiting{fd_, POLLIN, 0};
  if (::poll(&waiting, 1, 0) <= 0) return std::nullopt;
  const int client = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return std::nullopt;
  std::string rest;
  auto line = read_line(client, rest, Milliseconds{1000});
  if (!line) {
    ::close(client);
    return std::nullopt;
  }
  return ControlRequest{client, std::move(*line)};
}

Result<int> ask_supervisor(const std::filesystem::path& run_directory, const std::string& request,
                           Milliseconds silence,
                           const std::function<void(const std::string&)>& on_line) {
  const auto path = run_directory / "wattline.sock";
  const UnixAddress address{run_directory / "wattline.sock"};
  const ControlRequest connection{unix_socket(), ""};
  const int fd = connection.fd();
  if (::connect(fd, address.get(), address.size()) != 0) return cannot("reach", path);
  connection.say(request);
  std::string rest;
  while (const auto line = read_line(fd, rest, silence)) {
    if (line->starts_with("exit ")) {
      return static_cast<int>(parse_integer(line->substr(5), 0, 255).value_or(1));
    }
    on_line(*line);
  }
  return fail(Errc::unavailable, "the supervisor gave no answer; see `wattline logs wattline`");
}

}  // namespace wl::supervise
