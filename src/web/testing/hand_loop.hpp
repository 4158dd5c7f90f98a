// For tests: a loop that a test turns by hand.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "web/http/message.hpp"

namespace wl::web::testing {

class HandLoop {
 public:
  PostToLoop post() {
    return [this](Task task) {
      {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
      }
      ready_.notify_one();
    };
  }

  /// Does what was posted, waiting for it if need be; false after 10 s without any.
  bool turn() {
    std::unique_lock lock(mutex_);
    if (!ready_.wait_for(lock, std::chrono::seconds(10), [this] { return !tasks_.empty(); }))
      return false;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
};

}  // namespace wl::web::testing
