// A thread that reads live messages from somewhere, again and again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "model/live_message.hpp"
#include "web/http/message.hpp"

namespace wl::web {

/// What a feed reports, on the loop's thread. Reports may come after the feed is gone; they use
/// nothing of it.
struct FeedEvents {
  std::function<void(LiveMessage)> on_message;
  /// The source cannot be reached or broke off; said at each failed attempt.
  std::function<void(std::string reason)> on_lost;
};

/// Runs an attempt from connection to trouble, and after it another one: at once, then after 0.1 s
/// doubling to 2 s. Owns one thread from construction to destruction.
class FeedThread {
 public:
  /// One connection from beginning to end, on the thread; returns why it ended.
  using Attempt = std::function<std::string(FeedThread&)>;

  /// `name`: for the log.
  FeedThread(std::string name, PostToLoop post, FeedEvents events, Attempt attempt);
  ~FeedThread();
  FeedThread(const FeedThread&) = delete;
  FeedThread& operator=(const FeedThread&) = delete;

  // For the attempt.

  /// False when it is time to stop; true when `fd` is readable or the time is over.
  bool wait_readable(int fd, int timeout_ms) const;
  void pass_on(LiveMessage message);

 private:
  void run();
  std::string attempt();
  void report_lost(std::string reason);

  const std::string name_;
  const PostToLoop post_;
  const std::shared_ptr<const FeedEvents> events_;
  const Attempt attempt_;
  int stop_fd_;
  bool heard_ = false;  // Of the current connection: it proved to be what it should.
  std::thread thread_;
};

}  // namespace wl::web
