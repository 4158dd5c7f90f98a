#include "apps/collector/patient_start.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include "apps/database/database_away.hpp"

namespace wl {
namespace {

using Clock = std::chrono::steady_clock;

/// How soon a finished attempt is noticed.
constexpr Milliseconds look_pause{20};

/// One line for each new reason, and one a minute for an old one.
class ReasonLog {
 public:
  explicit ReasonLog(Milliseconds again) : again_(again) {}

  void failed(const std::string& reason, Milliseconds pause) {
    const auto now = Clock::now();
    if (reason == reason_ && now - told_ < again_) return;
    spdlog::error("{}. Nothing is collected until it answers; trying again by itself in {} s",
                  reason, static_cast<double>(pause.count()) / 1000);
    reason_ = reason;
    told_ = now;
  }
  void succeeded() const {
    if (!reason_.empty()) spdlog::info("the database answers");
  }

 private:
  const Milliseconds again_;
  std::string reason_;
  Clock::time_point told_{};
};

/// Calls `waiting` each beat, once there is a reason.
class Heart {
 public:
  Heart(const std::function<void(const std::string&)>& waiting, Milliseconds beat)
      : waiting_(waiting), beat_(beat) {}

  void set(const std::string& reason) {
    reason_ = reason;
    next_ = {};
  }
  void beat() {
    if (Clock::now() < next_) return;
    waiting_(reason_);
    next_ = Clock::now() + beat_;
  }

 private:
  const std::function<void(const std::string&)>& waiting_;
  const Milliseconds beat_;
  std::string reason_ = "it has not answered yet";
  Clock::time_point next_{};
};

/// False when a stop was asked for before `over` holds.
template <class Over>
bool wait_until(Over over, StopSignal& stop, Heart& heart) {
  while (!over()) {
    heart.beat();
    if (stop.wait(look_pause)) return false;
  }
  return true;
}

std::future<void> begin(const std::function<void()>& attempt) {
  std::packaged_task<void()> task(attempt);
  auto result = task.get_future();
  std::thread(std::move(task)).detach();  // std::async would make a stop wait for its end.
  return result;
}

}  // namespace

bool start_patiently(const std::function<void()>& attempt, StopSignal& stop,
                     const std::function<void(const std::string&)>& waiting,
                     const Patience& patience) {
  ReasonLog log(patience.log_again);
  Heart heart(waiting, patience.beat);
  Milliseconds pause = patience.first_pause;
  for (;; pause = std::min(pause * 2, patience.longest_pause)) {
    auto result = begin(attempt);
    const auto ended = [&] {
      return result.wait_for(Milliseconds{0}) == std::future_status::ready;
    };
    if (!wait_until(ended, stop, heart)) return false;
    try {
      result.get();
      log.succeeded();
      return true;
    } catch (const DatabaseAway& away) {
      heart.set(away.what());
      log.failed(away.what(), pause);
    }
    const auto next = Clock::now() + pause;
    if (!wait_until([&] { return Clock::now() >= next; }, stop, heart)) return false;
  }
}

}  // namespace wl
