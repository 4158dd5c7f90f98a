#include "stream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace wl::bench {
namespace {

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("no IPv4 address: " + host);
  return address;
}

void set_option(int fd, int level, int name, int value) {
  if (::setsockopt(fd, level, name, &value, sizeof value) != 0) throw_errno("setsockopt");
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOTCONN;
}

}  // namespace

void Stream::open() {
  close();
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) throw_errno("socket (ulimit -n?)");
  ++generation_;
  set_option(fd_, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);  // So that ports do not run short.
  if (route_.receive_buffer > 0) set_option(fd_, SOL_SOCKET, SO_RCVBUF, route_.receive_buffer);
  const sockaddr_in from = address_of(route_.from, 0);
  if (::bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) throw_errno("bind");
  const sockaddr_in to = address_of("127.0.0.1", route_.port);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
      errno != EINPROGRESS) {
    throw_errno("connect");
  }
  loop_.watch(fd_, *this);
}

void Stream::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  connected_ = false;
  reads_ = true;
  in_.clear();
  out_.clear();
}

void Stream::send(std::string_view bytes) {
  out_ += bytes;
  if (connected_ && !write_rest()) {
    close();
    on_end();
  }
}

bool Stream::write_rest() {
  while (!out_.empty()) {
    const auto sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0) return would_block() || errno == EINTR;
    out_.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

void Stream::take() {
  const std::uint64_t mine = generation_;
  const std::size_t taken = on_bytes(in_);
  if (is_open() && mine == generation_) in_.erase(0, taken);
}

Stream::Input Stream::read_all() {
  static thread_local char chunk[64 * 1024];
  const std::uint64_t mine = generation_;
  while (is_open() && mine == generation_) {
    const auto got = ::recv(fd_, chunk, sizeof chunk, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return would_block() ? Input::drained : Input::ended;
    }
    if (got == 0) return Input::ended;
    connected_ = true;
    in_.append(chunk, static_cast<std::size_t>(got));
    take();
  }
  return Input::drained;
}

void Stream::on_ready() {
  if (!is_open()) return;
  pollfd now{fd_, POLLIN | POLLOUT | POLLRDHUP, 0};
  ::poll(&now, 1, 0);
  if ((now.revents & POLLOUT) != 0) connected_ = true;
  const bool broken = (now.revents & (POLLERR | POLLHUP)) != 0;
  bool ended = connected_ && !write_rest();
  if (reads_ && !ended) {
    const std::uint64_t mine = generation_;
    ended = read_all() == Input::ended;
    if (mine != generation_) return;  // Another connection by now.
  } else if (!reads_) {
    ended = broken || (now.revents & POLLRDHUP) != 0;
  }
  if (!ended || !is_open()) return;
  close();
  on_end();
}

}  // namespace wl::bench
