#include "opcua/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace wl::opcua {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* plain(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

bool is_readable(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return poll(&waiting, 1, 0) > 0;
}

}  // namespace

TcpProxy::TcpProxy(std::uint16_t target) : target_(target) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool listens = bind(listener_, plain(address), sizeof address) == 0 &&
                       listen(listener_, 16) == 0 &&
                       getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  EXPECT_TRUE(listens);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  stopping_ = true;
  thread_.join();
  close_all(false);
  close(listener_);
}

void TcpProxy::run() {
  while (!stopping_) {
    const Mode mode = mode_;
    if (is_readable(listener_)) accept_one();
    if (mode == Mode::cut || mode == Mode::reset) close_all(mode == Mode::reset);
    if (mode == Mode::pass || mode == Mode::deaf) {
      for (Pair& pair : pairs_) serve(pair);
    }
    std::erase_if(pairs_, [](const Pair& pair) { return !pair.is_open; });
    poll(nullptr, 0, 1);
  }
}

void TcpProxy::accept_one() {
  Pair pair;
  pair.client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  pair.server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ++accepted_;
  const sockaddr_in address = loopback(target_);
  const bool connected = connect(pair.server, plain(address), sizeof address) == 0;
  pairs_.push_back(pair);
  if (!connected) close_pair(pairs_.back(), false);
}

void TcpProxy::serve(Pair& pair) {
  const bool drop = mode_ == Mode::deaf;
  if (forward(pair.client, pair.server, drop) && forward(pair.server, pair.client, false)) return;
  close_pair(pair, false);
}

bool TcpProxy::forward(int from, int to, bool drop) const {
  std::array<char, 65'536> buffer{};
  if (!is_readable(from)) return true;
  const ssize_t count = recv(from, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  return drop || send(to, buffer.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
}

void TcpProxy::close_all(bool with_reset) {
  for (Pair& pair : pairs_) close_pair(pair, with_reset);
}

void TcpProxy::close_pair(Pair& pair, bool with_reset) {
  if (!pair.is_open) return;
  pair.is_open = false;
  const linger at_once{1, 0};
  for (const int fd : {pair.client, pair.server}) {
    if (with_reset) setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
  }
}

}  // namespace wl::opcua
