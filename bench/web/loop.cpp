#include "loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace wl::bench {

void throw_errno(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw_errno("epoll");
}

Loop::~Loop() {
  ::close(epoll_);
}

void Loop::watch(int fd, Watched& who) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &who;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) throw_errno("epoll_ctl");
}

void Loop::at(Clock::time_point when, std::function<void()> what) {
  appointments_.push({when, std::move(what)});
}

int Loop::wait_ms(Clock::time_point end) const {
  if (!appointments_.empty()) end = std::min(end, appointments_.top().when);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

void Loop::keep_appointments() {
  const auto now = Clock::now();
  while (!appointments_.empty() && appointments_.top().when <= now) {
    const auto what = appointments_.top().what;
    appointments_.pop();
    what();
  }
}

void Loop::run_until(Clock::time_point end) {
  stopped_ = false;
  std::array<epoll_event, 256> events;
  while (!stopped_ && Clock::now() < end) {
    const int ready = ::epoll_wait(epoll_, events.data(), events.size(), wait_ms(end));
    if (ready < 0 && errno != EINTR) throw_errno("epoll_wait");
    for (int i = 0; i < ready; ++i)
      static_cast<Watched*>(events[static_cast<std::size_t>(i)].data.ptr)->on_ready();
    keep_appointments();
  }
}

void Loop::run_for(double seconds) {
  run_until(Clock::now() +
            std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)));
}

void Loop::run_until_true(const std::function<bool()>& condition, const std::string& what,
                          double patience_seconds) {
  for (double waited = 0; !condition(); waited += 0.01) {
    if (waited > patience_seconds) throw std::runtime_error(what + ": not in time");
    run_for(0.01);
  }
}

}  // namespace wl::bench
