#include "apps/web/live_source.hpp"

#include "cache/orders.hpp"

namespace wl {
namespace {

constexpr Milliseconds order_patience{1000};

cache::RedisOptions redis_options(const Settings& settings) {
  return {.host = settings.redis_host,
          .port = settings.redis_port,
          .database = settings.redis_db,
          .password = settings.redis_password};
}

}  // namespace

LiveSource::LiveSource(const Settings& settings, const web::PostToLoop& post, web::LiveHub& hub) {
  if (settings.cache_enabled) {
    redis_.emplace(redis_options(settings), settings.live_socket(), post, hub);
    return;
  }
  socket_.emplace(
      settings.live_socket(), post,
      web::FeedEvents{
          [&hub](LiveMessage message) { hub.on_message(std::move(message)); },
          [&hub](std::string reason) { hub.on_feed_lost(std::move(reason), wall_now()); }});
}

std::unique_ptr<web::OrderClient> order_client(const Settings& settings) {
  web::OrderClient::OtherWay through_redis;
  if (settings.cache_enabled) {
    through_redis = [redis = redis_options(settings)](LiveOrder order, Milliseconds patience) {
      return cache::give_order(redis, std::move(order), patience);
    };
  }
  return std::make_unique<web::OrderClient>(settings.live_socket(), order_patience,
                                            std::move(through_redis));
}

}  // namespace wl
