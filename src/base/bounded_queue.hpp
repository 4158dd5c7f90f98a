// The one way in which a value goes from thread to thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace wl {

/// What push() does when the queue holds `capacity` values.
enum class WhenFull { drop_oldest, refuse };

/// A queue with a limit, for any number of producers and consumers. Values leave in order.
template <class T>
class BoundedQueue {
 public:
  /// Precondition: capacity > 0.
  BoundedQueue(std::size_t capacity, WhenFull when_full)
      : capacity_(capacity), when_full_(when_full) {}

  /// False when the value was refused (full under WhenFull::refuse, or closed).
  bool push(T value) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
      if (items_.size() >= capacity_) {
        ++dropped_;
        if (when_full_ == WhenFull::refuse) return false;
        items_.pop_front();
      }
      items_.push_back(std::move(value));
    }
    ready_.notify_one();
    return true;
  }

  /// Everything that waits, oldest first; blocks up to `timeout` while there is nothing.
  std::vector<T> drain(std::chrono::milliseconds timeout = {}) {
    std::unique_lock lock(mutex_);
    if (timeout.count() > 0) {
      ready_.wait_for(lock, timeout, [&] { return closed_ || !items_.empty(); });
    }
    std::vector<T> all(std::make_move_iterator(items_.begin()),
                       std::make_move_iterator(items_.end()));
    items_.clear();
    return all;
  }

  /// Wakes all who wait; later pushes are refused. What is inside can still be drained.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  /// Values lost to the limit since the start, for status and metrics.
  std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  const std::size_t capacity_;
  const WhenFull when_full_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<T> items_;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace wl
