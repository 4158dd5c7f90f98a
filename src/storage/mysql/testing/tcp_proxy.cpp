#include "storage/mysql/testing/tcp_proxy.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>

namespace wl::storage::mysql {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool pass_on(int to, std::string_view bytes) {
  while (!bytes.empty()) {  // Ends: each round sends some or fails.
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

TcpProxy::TcpProxy(std::uint16_t server_port) : server_port_(server_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 || ::pipe(wake_) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
  ::close(listener_);
  for (const Pair& pair : pairs_) {
    ::close(pair.client);
    ::close(pair.server);
  }
}

void TcpProxy::run() {
  while (true) {  // Until the destructor closes the pipe.
    std::vector<pollfd> waiting{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      waiting.push_back({pair.client, POLLIN, 0});
      waiting.push_back({pair.server, POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[0].revents != 0) return;
    std::vector<Pair> living;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      Pair pair = pairs_[i];
      const bool lives = (waiting[2 + 2 * i].revents == 0 || from_client(pair)) &&
                         (waiting[3 + 2 * i].revents == 0 || from_server(pair));
      if (lives) {
        living.push_back(pair);
      } else {
        ::close(pair.client);
        ::close(pair.server);
      }
    }
    pairs_ = std::move(living);
    if (waiting[1].revents != 0) take_connection();
  }
}

void TcpProxy::take_connection() {
  Pair pair;
  pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port_);
  if (::connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    pairs_.push_back(pair);
  } else {
    ::close(pair.client);
    ::close(pair.server);
  }
}

bool TcpProxy::from_client(Pair& pair) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::recv(pair.client, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
  const Network network = network_;
  if (network == Network::silent) return true;
  // The text of a COM_QUERY packet; the transaction's rows come in packets before it.
  const bool commits = bytes.ends_with(
      "\x03"
      "COMMIT");
  if (commits && network == Network::cut_before_commit) {
    network_ = Network::whole;
    ++cuts_;
    return false;
  }
  if (commits && network == Network::cut_after_commit) {
    network_ = Network::whole;
    pair.dying = true;
  }
  return pass_on(pair.server, bytes);
}

bool TcpProxy::from_server(Pair& pair) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::recv(pair.server, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  if (pair.dying) {
    ++cuts_;
    return false;
  }
  if (network_ == Network::silent) return true;
  return pass_on(pair.client, {buffer.data(), static_cast<std::size_t>(got)});
}

}  // namespace wl::storage::mysql
