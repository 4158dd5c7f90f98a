#include "apps/wattline/doctor/net.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "apps/wattline/supervise/unix_address.hpp"
#include "base/durable_file.hpp"
#include "base/quantity.hpp"

namespace wl::doctor {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<Milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

bool wait_for(int fd, short events, Clock::time_point deadline) {
  pollfd waiting{fd, events, 0};
  return ::poll(&waiting, 1, milliseconds_until(deadline)) > 0;
}

Result<void> connect_within(int fd, const sockaddr* address, socklen_t size,
                            Clock::time_point deadline) {
  if (::connect(fd, address, size) == 0) return {};
  if (errno != EINPROGRESS) return fail(Errc::unavailable, std::strerror(errno));
  if (!wait_for(fd, POLLOUT, deadline)) return fail(Errc::unavailable, "no answer in time");
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return fail(Errc::unavailable, std::strerror(error));
  return {};
}

/// Reads until `enough` says so, the peer closes, the limit or the deadline is reached.
Result<std::string> receive(int fd, std::size_t limit, Clock::time_point deadline,
                            const std::function<bool(const std::string&)>& enough) {
  std::string text;
  while (text.size() < limit && !enough(text)) {
    if (!wait_for(fd, POLLIN, deadline)) return fail(Errc::unavailable, "no answer in time");
    char buffer[16384];
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EAGAIN) continue;
    if (n < 0) return fail(Errc::unavailable, std::strerror(errno));
    if (n == 0) break;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

/// The inode of the socket that listens on `port` in one of the kernel's tables; 0 when none.
std::uint64_t listening_inode(const char* table, std::uint16_t port) {
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // Headings.
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string number, local, remote, state, skipped;
    std::uint64_t inode = 0;
    fields >> number >> local >> remote >> state;
    for (int i = 0; i < 5; ++i) fields >> skipped;
    fields >> inode;
    if (state == "0A" && local.ends_with(fmt::format(":{:04X}", port))) return inode;
  }
  return 0;
}

bool holds(const fs::path& process, const std::string& socket) {
  std::error_code error;
  for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (fs::read_symlink(entry->path(), ignored) == socket) return true;
  }
  return false;
}

std::string name_of(const fs::path& process) {
  auto name = read_file(process / "comm").value_or("?\n");
  while (name.ends_with('\n')) name.pop_back();
  return name;
}

Result<int> connect_tcp(const std::string& host, std::uint16_t port, Clock::time_point deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) {
    return fail(Errc::unavailable, fmt::format("name '{}': {}", host, ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  std::string reason = "no address";
  for (const addrinfo* entry = found; entry; entry = entry->ai_next) {
    const int fd = ::socket(entry->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) continue;
    const auto connected = connect_within(fd, entry->ai_addr, entry->ai_addrlen, deadline);
    if (connected) return fd;
    ::close(fd);
    reason = connected.error().what;
  }
  return fail(Errc::unavailable, fmt::format("TCP to {}:{}: {}", host, port, reason));
}

}  // namespace

std::string port_owner(std::uint16_t port) {
  std::uint64_t inode = listening_inode("/proc/net/tcp", port);
  if (inode == 0) inode = listening_inode("/proc/net/tcp6", port);
  if (inode == 0) return {};
  const std::string socket = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string pid = entry->path().filename();
    if (!parse_integer(pid, 1, 1 << 30) || !holds(entry->path(), socket)) continue;
    return fmt::format("pid {} ({})", pid, name_of(entry->path()));
  }
  return "a process of another user";
}

Result<HttpAnswer> http_get(const std::string& host, std::uint16_t port, const std::string& target,
                            Milliseconds timeout) {
  const auto begin = Clock::now();
  const auto deadline = begin + timeout;
  const auto fd = connect_tcp(host, port, deadline);
  if (!fd) return std::unexpected(fd.error());
  const Socket socket{*fd};
  const std::string request =
      fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\nAccept: */*\r\n\r\n",
                  target, host, port);
  if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return fail(Errc::unavailable, fmt::format("HTTP request: {}", std::strerror(errno)));
  }
  const auto text = receive(socket.get(), 65536, deadline, [](const auto&) { return false; });
  if (!text) return fail(Errc::unavailable, "HTTP answer: " + text.error().what);
  const auto body = text->find("\r\n\r\n");
  if (!text->starts_with("HTTP/1.") || text->size() < 12 || body == std::string::npos) {
    return fail(Errc::invalid_argument, fmt::format("port {} does not speak HTTP", port));
  }
  HttpAnswer answer;
  answer.status = static_cast<int>(parse_integer(text->substr(9, 3), 100, 999).value_or(0));
  answer.body = text->substr(body + 4);
  answer.took = std::chrono::ceil<Milliseconds>(Clock::now() - begin);
  return answer;
}

Result<std::string> first_line(const fs::path& socket_path, Milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const Socket socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const supervise::UnixAddress address{socket_path};
  const auto refuse = [&](const std::string& why) {
    return fail(Errc::unavailable, fmt::format("{}: {}", socket_path.string(), why));
  };
  const auto connected = connect_within(socket.get(), address.get(), address.size(), deadline);
  if (!connected) return refuse(connected.error().what);
  const auto has_line = [](const std::string& text) { return text.find('\n') != text.npos; };
  const auto text = receive(socket.get(), 4 << 20, deadline, has_line);
  if (!text) return refuse(text.error().what);
  if (!has_line(*text)) return refuse("closed before the first line");
  return text->substr(0, text->find('\n'));
}

}  // namespace wl::doctor
