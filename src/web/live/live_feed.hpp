// The client of run/live.sock: reads the collector's lines and hands them to the loop.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "model/live_message.hpp"
#include "web/http/message.hpp"

namespace wl::web {

/// What the feed reports, on the loop's thread.
struct FeedEvents {
  std::function<void(LiveMessage)> on_message;
  /// The collector cannot be reached or broke off; said at each failed attempt.
  std::function<void(std::string reason)> on_lost;
};

/// Connects, reads, and after a break connects again: at once, then after 0.1 s doubling to 2 s.
/// A collector that says nothing for 5 s is taken for hung and left (it sends a line every second).
/// Lines above 4 MiB are refused. Owns one thread from construction to destruction.
class LiveFeed {
 public:
  LiveFeed(std::filesystem::path socket, PostToLoop post, FeedEvents events);
  ~LiveFeed();
  LiveFeed(const LiveFeed&) = delete;
  LiveFeed& operator=(const LiveFeed&) = delete;

 private:
  void run();
  /// One connection from beginning to end; returns why it ended.
  std::string attempt();
  void report_lost(std::string reason);
  /// Reads until the connection ends; returns why.
  std::string read_lines(int socket);
  bool wait_readable(int socket, int timeout_ms) const;
  bool pass_on(std::string& buffer);
  bool stopping() const;

  const std::filesystem::path path_;
  const PostToLoop post_;
  const FeedEvents events_;
  int stop_fd_;
  bool heard_ = false;  // Of the current connection: it proved to be a collector.
  std::thread thread_;
};

}  // namespace wl::web
