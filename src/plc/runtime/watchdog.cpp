#include "plc/runtime/watchdog.hpp"

#include <pthread.h>

#include <algorithm>

namespace wl::plc {

std::chrono::nanoseconds watchdog_limit(std::chrono::nanoseconds interval) {
  return std::max<std::chrono::nanoseconds>(watchdog_minimum, watchdog_intervals * interval);
}

WatchdogThread::WatchdogThread(const ScanMark& mark, ScanControl& control,
                               std::chrono::nanoseconds limit)
    : mark_(mark), control_(control), thread_([this, limit] {
        pthread_setname_np(pthread_self(), "watchdog");
        watch(limit / ScanWatchdog::looks);
      }) {}

WatchdogThread::~WatchdogThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void WatchdogThread::watch(std::chrono::nanoseconds period) {
  ScanWatchdog watchdog;
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, period, [&] { return stopping_; })) {
    if (watchdog.look(mark_.value())) {
      std::atomic_ref(control_.abort).store(1, std::memory_order_relaxed);
    }
  }
}

}  // namespace wl::plc
