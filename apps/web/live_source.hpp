// By which way live values come and orders go: run/live.sock, or Redis with CACHE_ENABLED.
#pragma once

#include <memory>
#include <optional>

#include "apps/settings/settings.hpp"
#include "web/live/feed_choice.hpp"
#include "web/live/order_client.hpp"

namespace wl {

/// Feeds the hub until it is destroyed. The loop must have ended before.
class LiveSource {
 public:
  LiveSource(const Settings& settings, const web::PostToLoop& post, web::LiveHub& hub);

 private:
  // One of the two.
  std::optional<web::FeedChoice> redis_;
  std::optional<web::LiveFeed> socket_;
};

/// Over run/live.sock; with CACHE_ENABLED through Redis where that is not. `settings` outlives it.
std::unique_ptr<web::OrderClient> order_client(const Settings& settings);

}  // namespace wl
