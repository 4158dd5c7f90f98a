// The client of run/live.sock: reads the collector's lines and hands them to the loop.
#pragma once

#include <filesystem>
#include <string>

#include "web/live/feed_thread.hpp"

namespace wl::web {

/// A collector that says nothing for 5 s is taken for hung and left (it sends a line every second).
/// Lines above 4 MiB are refused. See FeedThread for the thread and the pauses.
class LiveFeed {
 public:
  LiveFeed(std::filesystem::path socket, PostToLoop post, FeedEvents events);

 private:
  std::string attempt(FeedThread& thread) const;

  const std::filesystem::path path_;
  FeedThread thread_;  // Last: it uses the path.
};

}  // namespace wl::web
