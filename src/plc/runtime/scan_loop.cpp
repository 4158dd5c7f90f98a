#include "plc/runtime/scan_loop.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace wl::plc {
namespace {

using std::chrono::nanoseconds;

constexpr int scan_priority = 20;  ///< Of SCHED_FIFO's 1 to 99: above people's, below the kernel's.

nanoseconds monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

void sleep_until(nanoseconds deadline) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(deadline);
  timespec until{};
  until.tv_sec = seconds.count();
  until.tv_nsec = (deadline - seconds).count();
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

void make_thread_punctual() {
  pthread_setname_np(pthread_self(), "scan");
  ::prctl(PR_SET_TIMERSLACK, 1UL);  // 1 ns instead of 50 µs.
  const sched_param parameters{.sched_priority = scan_priority};
  const int refused = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
  if (refused == 0) {
    spdlog::info("scan thread: SCHED_FIFO, priority {}", scan_priority);
  } else {
    spdlog::info("scan thread: normal priority (SCHED_FIFO: {}; LimitRTPRIO={} would permit it)",
                 std::strerror(refused), scan_priority);
  }
}

/// The first deadline after `now` at which the wall clock shows a multiple of the interval.
nanoseconds first_deadline(nanoseconds now, Timestamp wall, nanoseconds interval) {
  const nanoseconds wall_time = wall.time_since_epoch();
  return now + (interval - wall_time % interval);
}

}  // namespace

ScanLoop::ScanLoop(ScanCycle& cycle, nanoseconds interval) : cycle_(cycle), interval_(interval) {}

ScanLoop::~ScanLoop() {
  stop();
}

void ScanLoop::start() {
  thread_ = std::thread([this] { loop(); });
}

void ScanLoop::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void ScanLoop::loop() {
  make_thread_punctual();
  const nanoseconds started = monotonic_now();
  const Timestamp wall = wall_now();
  SourceClock source_clock(started, wall);
  ScanSchedule schedule(interval_, first_deadline(started, wall, interval_));
  nanoseconds next_status = started;
  while (!stopping_) {
    sleep_until(schedule.next_deadline());
    const auto wake = schedule.wake(monotonic_now());
    follow_wall_clock(source_clock);
    const nanoseconds took = one_scan(wake.deadline, source_clock.at(wake.deadline));
    const nanoseconds finished = monotonic_now();
    statistics_.add({.at = wake.deadline,
                     .duration = took,
                     .jitter = wake.jitter,
                     .missed = wake.missed,
                     .overrun = wake.missed > 0 || finished - wake.deadline > interval_});
    cycles_.fetch_add(1, std::memory_order_relaxed);
    if (finished >= next_status) {
      status_.set({statistics_.since_start(), statistics_.last_minute(wake.deadline),
                   statistics_.last_us()});
      next_status = finished + std::chrono::seconds(1);
    }
  }
}

nanoseconds ScanLoop::one_scan(nanoseconds now, Timestamp time) {
  try {
    const nanoseconds took = cycle_.run(now, time);
    scan_failed_ = false;
    return took;
  } catch (const std::exception& error) {
    if (!scan_failed_) spdlog::critical("a scan broke off: {}", error.what());
    scan_failed_ = true;
    return monotonic_now() - now;
  }
}

void ScanLoop::follow_wall_clock(SourceClock& clock) const {
  const auto step = clock.follow(monotonic_now(), wall_now());
  if (step) {
    spdlog::warn("the wall clock was set by {} ms; source times follow it", step->count());
  }
}

}  // namespace wl::plc
