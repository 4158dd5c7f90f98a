// Live values out of Redis.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "cache/connection.hpp"
#include "cache/stitch.hpp"
#include "model/live_message.hpp"

namespace wl::cache {

/// Subscribed to the channel of one installation. What it returns is in order and without a gap,
/// and begins with a snapshot. One thread uses it.
class LiveReader {
 public:
  static Result<std::unique_ptr<LiveReader>> open(const RedisOptions& options);

  /// Wait until it is readable before take(), `silence_limit` at most.
  int fd() const { return channel_->fd(); }
  /// What has come. The error says why no more comes; open a new one then. Call it also when
  /// nothing came for a while: it notices silence.
  Result<std::vector<LiveMessage>> take();

  /// A collector tells that it lives every second.
  static constexpr std::chrono::seconds silence_limit{5};
  /// Between two looks at hashes that are not whole.
  static constexpr Milliseconds look_pause{200};

 private:
  using Clock = std::chrono::steady_clock;

  LiveReader(const RedisOptions& options, std::unique_ptr<Connection> channel,
             std::unique_ptr<Connection> hashes);

  Result<void> take_messages(std::vector<LiveMessage>& taken);
  Result<void> look_at_hashes(std::vector<LiveMessage>& taken);
  Result<LiveMessage> read_snapshot();
  Error silence();

  Keys keys_;
  std::unique_ptr<Connection> channel_;
  std::unique_ptr<Connection> hashes_;
  Stitch stitch_;
  bool snapshot_wanted_ = true;
  std::string not_whole_;  ///< Why the last look brought nothing.
  Clock::time_point passed_at_;
  Clock::time_point next_look_{};
};

}  // namespace wl::cache
