// Threads that own something slow (a database, bcrypt) and do jobs for the loop.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>

#include "base/result.hpp"
#include "web/http/message.hpp"

namespace wl::web {

/// A thread with a bounded queue of jobs. A job that throws is logged; the next one is done.
class Worker {
 public:
  explicit Worker(std::size_t capacity);
  /// Finishes the job at hand, drops the rest.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// False when the queue is full.
  bool push(Task job);
  std::size_t waiting() const;

 private:
  void run();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Lets one thread own an R (a Store, an AccountStore) and answers questions to it on the loop's
/// thread. R is opened at the first job, and again after it reported unavailable or corrupt, so
/// that a database that comes back is found again.
template <class R>
class Desk {
 public:
  using Open = std::function<Result<std::unique_ptr<R>>()>;

  Desk(Open open, PostToLoop post, std::size_t capacity)
      : open_(std::move(open)), post_(std::move(post)), worker_(capacity) {}

  /// Runs `work(R&)`, which returns a Result, on the owner's thread, then `then(result)` on the
  /// loop's. False when the queue is full: neither is called then.
  template <class Work, class Then>
  bool ask(Work work, Then then) {
    return worker_.push([this, work = std::move(work), then = std::move(then)]() mutable {
      auto result = attempt(work);
      post_([then = std::move(then), result = std::move(result)]() mutable {
        then(std::move(result));
      });
    });
  }

  std::size_t waiting() const { return worker_.waiting(); }

 private:
  template <class Work>
  std::invoke_result_t<Work&, R&> attempt(Work& work) {
    try {
      if (!owned_) {
        auto opened = open_();
        if (!opened) return std::unexpected(opened.error());
        owned_ = std::move(*opened);
      }
      auto result = work(*owned_);
      if (!result && needs_reopening(result.error().code)) owned_.reset();
      return result;
    } catch (const std::exception& error) {
      owned_.reset();
      return fail(Errc::unavailable, error.what());
    }
  }

  static bool needs_reopening(Errc code) {
    return code == Errc::unavailable || code == Errc::corrupt;
  }

  Open open_;
  PostToLoop post_;
  std::unique_ptr<R> owned_;  // Touched by the worker's thread only.
  Worker worker_;             // Last: joined before the rest goes.
};

}  // namespace wl::web
