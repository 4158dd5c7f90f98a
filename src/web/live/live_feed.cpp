#include "web/live/live_feed.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "web/live/unix_socket.hpp"

namespace wl::web {
namespace {

constexpr std::size_t max_line_bytes = 4 << 20;
constexpr int silence_limit_ms = 5000;

bool pass_on(FeedThread& thread, std::string& buffer) {
  std::size_t begin = 0;
  for (auto end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n', begin)) {
    auto message = decode_live(std::string_view(buffer).substr(begin, end - begin));
    if (!message) {
      spdlog::error("live feed: {}", message.error().what);
      return false;
    }
    thread.pass_on(std::move(*message));
    begin = end + 1;
  }
  buffer.erase(0, begin);
  return true;
}

/// Reads until the connection ends; returns why.
std::string read_lines(FeedThread& thread, int socket) {
  std::string buffer;
  char chunk[16384];
  while (thread.wait_readable(socket, silence_limit_ms)) {
    const auto got = ::recv(socket, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got == 0) return "the collector closed the connection";
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return "the collector said nothing for 5 s";
      return fmt::format("live.sock: {}", std::strerror(errno));
    }
    buffer.append(chunk, static_cast<std::size_t>(got));
    if (!pass_on(thread, buffer)) return "the collector sent a line that is no live message";
    if (buffer.size() > max_line_bytes) return "the collector sent a line above 4 MiB";
  }
  return "stopping";
}

}  // namespace

LiveFeed::LiveFeed(std::filesystem::path socket, PostToLoop post, FeedEvents events)
    : path_(std::move(socket)),
      thread_("live feed", std::move(post), std::move(events),
              [this](FeedThread& thread) { return attempt(thread); }) {}

std::string LiveFeed::attempt(FeedThread& thread) const {
  const Descriptor socket(open_unix_socket());
  std::string reason = connect_to(socket.get(), path_.string());
  return reason.empty() ? read_lines(thread, socket.get()) : reason;
}

}  // namespace wl::web
