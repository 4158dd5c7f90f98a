#include "apps/collector/feed_input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstring>

namespace wl {
namespace {

constexpr std::size_t longest_line = 1 << 20;

}  // namespace

Result<FeedInput> FeedInput::open(const std::string& path, StopSignal& stop) {
  if (path == "-") return FeedInput(STDIN_FILENO, UniqueFd(), stop);
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    return fail(Errc::not_found, fmt::format("{}: {}", path, std::strerror(errno)));
  const int fd = file.get();
  return FeedInput(fd, std::move(file), stop);
}

FeedInput::FeedInput(int fd, UniqueFd owned, StopSignal& stop)
    : fd_(fd), owned_(std::move(owned)), stop_(&stop), buffer_(2 * longest_line, '\0') {}

Result<FeedInput::Got> FeedInput::next(std::string_view& line) {
  for (std::size_t searched = begin_;;) {
    const void* found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
    if (found != nullptr) {
      const auto place = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
      line = std::string_view(buffer_).substr(begin_, place - begin_);
      begin_ = place + 1;
      return Got::line;
    }
    const std::size_t kept = end_ - begin_;
    if (kept > longest_line) return fail(Errc::invalid_argument, "a line is longer than 1 MB");
    const auto got = fill();
    if (!got || *got != Got::line) return got;
    searched = begin_ + kept;
  }
}

/// Reads more behind what is kept.
Result<FeedInput::Got> FeedInput::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  for (;;) {
    pollfd waiting[] = {{fd_, POLLIN, 0}, {stop_->fd(), POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR)
      return fail(Errc::unavailable, std::strerror(errno));
    if (waiting[1].revents != 0) return Got::stopped;
    const auto size = ::read(fd_, buffer_.data() + end_, buffer_.size() - end_);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail(Errc::unavailable, std::strerror(errno));
    if (size == 0) return Got::end;
    end_ += static_cast<std::size_t>(size);
    return Got::line;
  }
}

}  // namespace wl
