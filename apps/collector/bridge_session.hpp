// One connection of the live socket with Redis, from its beginning to its first trouble.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apps/collector/unique_fd.hpp"
#include "cache/orders.hpp"
#include "cache/publication.hpp"

namespace wl {

/// Belongs to the bridge's thread.
///
/// Limits: 100 orders of web processes may wait for the collector's answer, for a further one the
/// oldest is forgotten; 4 MiB without a line feed, 5 s of silence or an error end the session.
class BridgeSession {
 public:
  static Result<std::unique_ptr<BridgeSession>> open(const cache::RedisOptions& redis,
                                                     const std::filesystem::path& live_socket);

  int live_fd() const { return live_.get(); }
  int orders_fd() const { return listener_->fd(); }
  /// Takes what has come on both sides and hands it over. Waits for Redis only.
  Result<void> pass();

  std::uint64_t published() const { return published_; }
  std::uint64_t orders() const { return orders_; }
  std::uint64_t orders_refused() const { return listener_->refused(); }

  static constexpr Milliseconds silence_limit{5000};
  static constexpr std::size_t max_waiting_orders = 100;

 private:
  using Clock = std::chrono::steady_clock;
  struct Asked {
    std::string answer_id;
    std::uint64_t ref = 0;  ///< Of the web process; ours to the collector is the key.
  };

  BridgeSession(const cache::RedisOptions& redis, UniqueFd live,
                std::unique_ptr<cache::Connection> writer,
                std::unique_ptr<cache::OrderListener> listener);

  Result<void> read_live();
  Result<void> publish_lines();
  Result<void> publish(const std::vector<cache::Command>& commands);
  Result<void> take_line(std::string_view line, std::vector<cache::Command>& commands);
  void take_answer(LiveMessage message, std::vector<cache::Command>& commands);
  Result<void> pass_orders();
  Result<void> send_order(const LiveOrder& order);

  const cache::Keys keys_;
  UniqueFd live_;
  std::unique_ptr<cache::Connection> writer_;
  std::unique_ptr<cache::OrderListener> listener_;
  cache::Publication publication_;
  std::string received_;
  Clock::time_point heard_at_;
  std::map<std::uint64_t, Asked> asked_;
  std::uint64_t last_ref_ = 0;
  std::uint64_t published_ = 0;
  std::uint64_t orders_ = 0;
};

}  // namespace wl
