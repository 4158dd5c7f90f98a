// The newest immutable value of something, shared between one writer and many readers.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace wl {

/// Holds one immutable value. Readers keep what they got for as long as they like.
template <class T>
class SnapshotCell {
 public:
  explicit SnapshotCell(T initial = {}) : value_(std::make_shared<const T>(std::move(initial))) {}

  void set(T value) {
    auto next = std::make_shared<const T>(std::move(value));
    const std::lock_guard lock(mutex_);
    value_.swap(next);
  }

  std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace wl
