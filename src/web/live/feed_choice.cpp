#include "web/live/feed_choice.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cache/live_reader.hpp"

namespace wl::web {
namespace {

constexpr const char* from_redis = "redis";
constexpr const char* from_socket = "live.sock";

/// Reads until Redis or the collector behind it falls silent; returns why.
std::string read_redis(FeedThread& thread, const cache::RedisOptions& options) {
  const auto reader = cache::LiveReader::open(options);
  if (!reader) return reader.error().what;
  while (thread.wait_readable((*reader)->fd(),
                              static_cast<int>(cache::LiveReader::look_pause.count()))) {
    auto taken = (*reader)->take();
    if (!taken) return taken.error().what;
    for (LiveMessage& message : *taken) thread.pass_on(std::move(message));
  }
  return "stopping";
}

}  // namespace

FeedChoice::FeedChoice(cache::RedisOptions redis, std::filesystem::path live_socket,
                       PostToLoop post, LiveHub& hub)
    : redis_(std::move(redis)),
      live_socket_(std::move(live_socket)),
      post_(std::move(post)),
      hub_(hub) {
  FeedEvents events{[this](LiveMessage message) { on_redis_message(std::move(message)); },
                    [this](std::string reason) { on_redis_lost(std::move(reason)); }};
  thread_.emplace("live feed from Redis", post_, std::move(events),
                  [this](FeedThread& thread) { return read_redis(thread, redis_); });
}

FeedChoice::~FeedChoice() = default;

void FeedChoice::on_redis_message(LiveMessage message) {
  if (!redis_up_) {
    redis_up_ = true;
    socket_.reset();
    hub_.on_source(from_redis, "");
  }
  hub_.on_message(std::move(message));
}

void FeedChoice::on_redis_lost(std::string reason) {
  redis_up_ = false;
  redis_reason_ = std::move(reason);
  std::error_code ignored;
  const bool there = std::filesystem::exists(live_socket_, ignored);
  if (there && !socket_) take_socket();
  if (!there) socket_.reset();  // A collector on another machine has none here.
  if (socket_) return hub_.on_source(from_socket, redis_reason_);
  hub_.on_source(from_redis, redis_reason_);
  hub_.on_feed_lost(redis_reason_, wall_now());
}

void FeedChoice::take_socket() {
  spdlog::warn("live values come from {} until Redis is back: {}", live_socket_.string(),
               redis_reason_);
  socket_.emplace(live_socket_, post_,
                  FeedEvents{[this](LiveMessage message) { on_socket_message(std::move(message)); },
                             [this](const std::string& reason) { on_socket_lost(reason); }});
}

// A report of a LiveFeed that went meanwhile may still be on its way.

void FeedChoice::on_socket_message(LiveMessage message) {
  if (!redis_up_) hub_.on_message(std::move(message));
}

void FeedChoice::on_socket_lost(const std::string& reason) {
  if (redis_up_ || !socket_) return;
  hub_.on_feed_lost(fmt::format("{}; {}", redis_reason_, reason), wall_now());
}

}  // namespace wl::web
