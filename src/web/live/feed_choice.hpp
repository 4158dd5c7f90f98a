// CACHE_ENABLED=True: the live values through Redis, and from run/live.sock while that is away.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cache/redis.hpp"
#include "web/live/live_feed.hpp"
#include "web/live/live_hub.hpp"

namespace wl::web {

/// Feeds the hub. While Redis is lost and `live_socket` is there, a LiveFeed on it takes over; as
/// soon as Redis brings a snapshot again, it goes. The hub's figures say which of the two it is,
/// and why. Its reports come on the loop's thread, which must have ended before this goes.
class FeedChoice {
 public:
  FeedChoice(cache::RedisOptions redis, std::filesystem::path live_socket, PostToLoop post,
             LiveHub& hub);
  ~FeedChoice();
  FeedChoice(const FeedChoice&) = delete;
  FeedChoice& operator=(const FeedChoice&) = delete;

 private:
  void on_redis_message(LiveMessage message);
  void on_redis_lost(std::string reason);
  void on_socket_message(LiveMessage message);
  void on_socket_lost(const std::string& reason);
  void take_socket();

  const cache::RedisOptions redis_;
  const std::filesystem::path live_socket_;
  const PostToLoop post_;
  LiveHub& hub_;
  bool redis_up_ = false;
  std::string redis_reason_;
  std::optional<LiveFeed> socket_;
  std::optional<FeedThread> thread_;  // Of Redis; it ends first.
};

}  // namespace wl::web
