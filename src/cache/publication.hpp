// What the collector writes to Redis, as commands.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cache/redis.hpp"
#include "model/live_message.hpp"

namespace wl::cache {

/// Numbers the live messages and turns each into one transaction, which changes the hashes and
/// tells the channel: who has read the hashes at number n and hears n+1 on the channel has missed
/// nothing. Pure; begin a new one with each connection.
class Publication {
 public:
  /// `epoch`: names this sequence of numbers; another one each time.
  Publication(Keys keys, std::string epoch) : keys_(std::move(keys)), epoch_(std::move(epoch)) {}

  /// The commands for one message; the last answer is for on_answer(). Only a snapshot may be the
  /// first.
  std::vector<Command> commands(const LiveMessage& message);
  /// True when Redis has lost the hash (it was flushed, or evicted it): publish whole() now.
  bool is_damaged(std::int64_t points_in_redis) const {
    return points_in_redis != static_cast<std::int64_t>(whole_.values.size());
  }
  /// Everything as a snapshot.
  const LiveMessage& whole() const { return whole_; }
  std::uint64_t seq() const { return seq_; }

 private:
  void apply(const LiveMessage& message);
  void apply_alarms(const LiveMessage& message);
  Command store_values(const LiveMessage& message) const;
  Command store_state(bool with_rest) const;

  const Keys keys_;
  const std::string epoch_;
  std::uint64_t seq_ = 0;
  LiveMessage whole_{.type = LiveMessage::Type::snapshot};
};

}  // namespace wl::cache
