#include "web/live/feed_thread.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.hpp"

namespace wl::web {
namespace {

constexpr int first_pause_ms = 100;
constexpr int longest_pause_ms = 2000;

}  // namespace

FeedThread::FeedThread(std::string name, PostToLoop post, FeedEvents events, Attempt attempt)
    : name_(std::move(name)),
      post_(std::move(post)),
      events_(std::make_shared<const FeedEvents>(std::move(events))),
      attempt_(std::move(attempt)),
      stop_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  WL_CHECK(stop_fd_ >= 0);
  thread_ = std::thread([this] { run(); });
}

FeedThread::~FeedThread() {
  ::eventfd_write(stop_fd_, 1);
  thread_.join();
  ::close(stop_fd_);
}

bool FeedThread::wait_readable(int fd, int timeout_ms) const {
  pollfd watched[2] = {{stop_fd_, POLLIN, 0}, {fd, POLLIN, 0}};
  ::poll(watched, 2, timeout_ms);
  return (watched[0].revents & POLLIN) == 0;
}

void FeedThread::run() {
  int pause_ms = 0;
  while (wait_readable(-1, pause_ms)) {
    heard_ = false;
    std::string reason = attempt();
    if (!wait_readable(-1, 0)) return;
    if (heard_) spdlog::warn("{} lost: {}", name_, reason);
    report_lost(std::move(reason));
    pause_ms = heard_ ? first_pause_ms : std::clamp(pause_ms * 2, first_pause_ms, longest_pause_ms);
  }
}

std::string FeedThread::attempt() {
  try {
    return attempt_(*this);
  } catch (const std::exception& error) {
    return error.what();
  }
}

void FeedThread::report_lost(std::string reason) {
  try {
    post_([events = events_, reason = std::move(reason)]() mutable {
      events->on_lost(std::move(reason));
    });
  } catch (const std::exception& error) {
    spdlog::error("{}: {}", name_, error.what());  // The next failed attempt tells it.
  }
}

void FeedThread::pass_on(LiveMessage message) {
  if (!heard_) spdlog::info("{} connected", name_);
  heard_ = true;
  post_([events = events_, arrived = std::move(message)]() mutable {
    events->on_message(std::move(arrived));
  });
}

}  // namespace wl::web
