// For tests: somebody who reads run/live.sock.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "apps/collector/unique_fd.hpp"
#include "model/live_message.hpp"

namespace wl {

/// A reader of the live socket; every wait ends after two seconds.
class LiveReader {
 public:
  LiveReader() : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit LiveReader(const std::filesystem::path& path) : LiveReader() { connect_to(path); }

  void connect_to(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    connected_ =
        ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  bool connected() const { return connected_; }

  /// The next message; a link with a telling reason when none came in time or the hub closed.
  LiveMessage next() {
    while (received_.find('\n') == std::string::npos) {
      if (!receive_more()) return {.values = {}, .link = LiveLink{false, "nothing came", {}}};
    }
    const auto end = received_.find('\n');
    auto message = decode_live(received_.substr(0, end));
    received_.erase(0, end + 1);
    return message.value();
  }

  /// The next message that carries the point, out of at most 500; an empty one otherwise.
  LiveMessage next_with(const std::string& key) {
    for (int i = 0; i < 500; ++i) {
      LiveMessage message = next();
      if (message.values.contains(key)) return message;
    }
    return {};
  }

  /// The next message of the type, out of at most 500; an empty one of type values otherwise.
  LiveMessage next_of(LiveMessage::Type type) {
    for (int i = 0; i < 500 && !ended_; ++i) {
      LiveMessage message = next();
      if (message.type == type) return message;
    }
    return {};
  }

  void send(const std::string& bytes) {
    ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  bool closed_by_the_hub() {
    while (receive_more()) received_.clear();
    return ended_;
  }

 private:
  bool receive_more() {
    pollfd waiting{socket_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 2000) <= 0) return false;
    char part[65536];
    const auto got = ::recv(socket_.get(), part, sizeof part, 0);
    ended_ = got <= 0;
    if (!ended_) received_.append(part, static_cast<std::size_t>(got));
    return !ended_;
  }

  UniqueFd socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

}  // namespace wl
