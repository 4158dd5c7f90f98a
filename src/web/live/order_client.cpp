#include "web/live/order_client.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include "web/live/unix_socket.hpp"

namespace wl::web {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t max_line_bytes = 4 << 20;  // A snapshot comes before the answer.

/// One order on one connection, until a moment.
class Conversation {
 public:
  Conversation(int socket, SteadyClock::time_point until) : socket_(socket), until_(until) {}

  /// Empty when all was sent.
  std::string send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno != EINTR && (errno != EAGAIN || !wait(POLLOUT))) {
        return errno == EAGAIN ? "the collector takes no order"
                               : fmt::format("live.sock: {}", std::strerror(errno));
      }
    }
    return {};
  }

  Result<LiveAnswer> answer_to(std::uint64_t ref) {
    for (;;) {
      auto line = next_line();
      if (!line) return std::unexpected(line.error());
      auto message = decode_live(*line);
      if (!message) return fail(Errc::unavailable, message.error().what);
      if (message->answer && message->answer->ref == ref) return std::move(*message->answer);
    }
  }

 private:
  bool wait(short events) const {
    const auto left = std::chrono::ceil<Milliseconds>(until_ - SteadyClock::now());
    pollfd watched{socket_, events, 0};
    return left.count() > 0 && ::poll(&watched, 1, static_cast<int>(left.count())) > 0;
  }

  Result<std::string> next_line() {
    for (;;) {
      const auto end = buffer_.find('\n', searched_);
      if (end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        searched_ = 0;
        return line;
      }
      searched_ = buffer_.size();
      if (buffer_.size() > max_line_bytes)
        return fail(Errc::unavailable, "the collector sent a line above 4 MiB");
      if (auto more = read_more(); !more) return std::unexpected(more.error());
    }
  }

  Result<void> read_more() {
    if (!wait(POLLIN)) return fail(Errc::unavailable, "the collector did not answer in time");
    char chunk[16384];
    const auto got = ::recv(socket_, chunk, sizeof chunk, 0);
    if (got > 0) {
      buffer_.append(chunk, static_cast<std::size_t>(got));
      return {};
    }
    if (got == 0) return fail(Errc::unavailable, "the collector closed the connection");
    if (errno == EINTR || errno == EAGAIN) return {};
    return fail(Errc::unavailable, fmt::format("live.sock: {}", std::strerror(errno)));
  }

  int socket_;
  SteadyClock::time_point until_;
  std::string buffer_;
  std::size_t searched_ = 0;
};

}  // namespace

Result<LiveAnswer> OrderClient::give(LiveOrder order) {
  order.ref = ++last_ref_;
  const Descriptor socket(open_unix_socket());
  if (std::string reason = connect_to(socket.get(), path_.string()); !reason.empty()) {
    if (other_way_) return other_way_(std::move(order), patience_);
    return fail(Errc::unavailable, std::move(reason));
  }
  Conversation conversation(socket.get(), SteadyClock::now() + patience_);
  if (std::string reason = conversation.send(encode_order(order) + "\n"); !reason.empty()) {
    return fail(Errc::unavailable, std::move(reason));
  }
  return conversation.answer_to(order.ref);
}

}  // namespace wl::web
