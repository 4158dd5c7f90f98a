#include "web/live/live_feed.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "web/live/unix_socket.hpp"

namespace wl::web {
namespace {

constexpr std::size_t max_line_bytes = 4 << 20;
constexpr int silence_limit_ms = 5000;
constexpr int first_pause_ms = 100;
constexpr int longest_pause_ms = 2000;

}  // namespace

LiveFeed::LiveFeed(std::filesystem::path socket, PostToLoop post, FeedEvents events)
    : path_(std::move(socket)),
      post_(std::move(post)),
      events_(std::move(events)),
      stop_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  WL_CHECK(stop_fd_ >= 0);
  thread_ = std::thread([this] { run(); });
}

LiveFeed::~LiveFeed() {
  ::eventfd_write(stop_fd_, 1);
  thread_.join();
  ::close(stop_fd_);
}

bool LiveFeed::stopping() const {
  return !wait_readable(-1, 0);
}

/// False when it is time to stop; true when `socket` is readable or the time is over.
bool LiveFeed::wait_readable(int socket, int timeout_ms) const {
  pollfd watched[2] = {{stop_fd_, POLLIN, 0}, {socket, POLLIN, 0}};
  ::poll(watched, 2, timeout_ms);
  return (watched[0].revents & POLLIN) == 0;
}

void LiveFeed::run() {
  int pause_ms = 0;
  while (wait_readable(-1, pause_ms)) {
    heard_ = false;
    std::string reason = attempt();
    if (stopping()) return;
    if (heard_) spdlog::warn("live feed lost: {}", reason);
    report_lost(std::move(reason));
    pause_ms = heard_ ? first_pause_ms : std::clamp(pause_ms * 2, first_pause_ms, longest_pause_ms);
  }
}

std::string LiveFeed::attempt() {
  try {
    const Descriptor socket(open_unix_socket());
    std::string reason = connect_to(socket.get(), path_.string());
    return reason.empty() ? read_lines(socket.get()) : reason;
  } catch (const std::exception& error) {
    return error.what();
  }
}

void LiveFeed::report_lost(std::string reason) {
  try {
    post_([this, reason = std::move(reason)]() mutable { events_.on_lost(std::move(reason)); });
  } catch (const std::exception& error) {
    spdlog::error("live feed: {}", error.what());  // The next failed attempt tells it.
  }
}

std::string LiveFeed::read_lines(int socket) {
  std::string buffer;
  char chunk[16384];
  while (wait_readable(socket, silence_limit_ms)) {
    const auto got = ::recv(socket, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got == 0) return "the collector closed the connection";
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return "the collector said nothing for 5 s";
      return fmt::format("live.sock: {}", std::strerror(errno));
    }
    buffer.append(chunk, static_cast<std::size_t>(got));
    if (!pass_on(buffer)) return "the collector sent a line that is no live message";
    if (buffer.size() > max_line_bytes) return "the collector sent a line above 4 MiB";
  }
  return "stopping";
}

bool LiveFeed::pass_on(std::string& buffer) {
  std::size_t begin = 0;
  for (auto end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n', begin)) {
    auto message = decode_live(std::string_view(buffer).substr(begin, end - begin));
    if (!message) {
      spdlog::error("live feed: {}", message.error().what);
      return false;
    }
    if (!heard_) spdlog::info("live feed connected");
    heard_ = true;
    post_([this, arrived = std::move(*message)]() mutable {
      events_.on_message(std::move(arrived));
    });
    begin = end + 1;
  }
  buffer.erase(0, begin);
  return true;
}

}  // namespace wl::web
