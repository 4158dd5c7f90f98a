#include "web/testing/order_taker.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <vector>

namespace wl::web::testing {
namespace {

void send_line(int reader, const std::string& line) {
  const std::string bytes = line + "\n";
  ::send(reader, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

/// The web process must not send what the collector cannot understand: a test sees it as 503.
LiveAnswer no_order(const std::string& line, const Error& error) {
  LiveAnswer answer;
  answer.ref = ref_of_order(line).value_or(0);
  answer.error = Error{Errc::unavailable, error.what};
  return answer;
}

}  // namespace

LiveMessage nothing_yet() {
  LiveMessage snapshot;
  snapshot.type = LiveMessage::Type::snapshot;
  snapshot.link = LiveLink{true, "", {}};
  return snapshot;
}

OrderTaker::OrderTaker(const std::filesystem::path& directory, Answer answer, LiveMessage snapshot)
    : path_((directory / "live.sock").string()),
      answer_(std::move(answer)),
      snapshot_(std::move(snapshot)),
      listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_fd_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::listen(listener_, 8);
  thread_ = std::thread([this] { run(); });
}

OrderTaker::~OrderTaker() {
  ::eventfd_write(stop_fd_, 1);
  thread_.join();
  for (const auto& [reader, heard] : readers_) ::close(reader);
  ::close(listener_);
  ::close(stop_fd_);
  ::unlink(path_.c_str());
}

void OrderTaker::run() {
  for (;;) {
    std::vector<pollfd> watched{{stop_fd_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [reader, heard] : readers_) watched.push_back({reader, POLLIN, 0});
    ::poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0) return;
    for (std::size_t i = 2; i < watched.size(); ++i) {
      const int reader = watched[i].fd;
      if (watched[i].revents == 0 || listen_to(reader, readers_[reader])) continue;
      ::close(reader);
      readers_.erase(reader);
    }
    if (watched[1].revents != 0) welcome();
  }
}

void OrderTaker::welcome() {
  const int reader = ::accept(listener_, nullptr, nullptr);
  if (reader < 0) return;
  readers_[reader];
  send_line(reader, encode_live(snapshot_));
}

bool OrderTaker::listen_to(int reader, std::string& heard) {
  char chunk[4096];
  const auto got = ::recv(reader, chunk, sizeof chunk, 0);
  if (got <= 0) return false;
  heard.append(chunk, static_cast<std::size_t>(got));
  for (auto end = heard.find('\n'); end != std::string::npos; end = heard.find('\n')) {
    const std::string line = heard.substr(0, end);
    heard.erase(0, end + 1);
    const auto order = decode_order(line);
    auto answer = order ? answer_(*order) : no_order(line, order.error());
    if (!answer) continue;
    if (order) answer->ref = order->ref;
    LiveMessage message;
    message.type = LiveMessage::Type::answer;
    message.answer = std::move(*answer);
    send_line(reader, encode_live(message));
  }
  return true;
}

}  // namespace wl::web::testing
