#include "base/stop_signal.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "base/check.hpp"

namespace wl {

StopSignal::StopSignal() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  fd_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  WL_CHECK(fd_ >= 0);
}

StopSignal::~StopSignal() {
  ::close(fd_);
}

bool StopSignal::wait(std::chrono::milliseconds timeout) {
  if (stopped_) return true;
  pollfd waiting{fd_, POLLIN, 0};
  stopped_ = ::poll(&waiting, 1, static_cast<int>(timeout.count())) > 0;
  return stopped_;
}

}  // namespace wl
