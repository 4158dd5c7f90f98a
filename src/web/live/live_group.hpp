// The clients of /ws/live that want the same part of the line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/live/live_hub.hpp"

namespace wl::web {

/// What is encoded for one of them is encoded for all. Only the hub uses it.
class LiveGroup {
 public:
  /// `epoch`: of the process. A client that comes back with another subscription cannot resume, so
  /// the group's own epoch names the subscription too.
  LiveGroup(Subscription subscription, const std::string& epoch);

  const Subscription& subscription() const { return subscription_; }
  const std::string& epoch() const { return epoch_; }

  /// The message cut for this group; nothing when it has no news for it and another proof of life
  /// went out within a second.
  std::optional<Pushed> part_of(const LiveMessage& message);
  /// Of this state; encoded once for all that want it between two messages.
  const Pushed& snapshot(const LiveState& state, Timestamp now);
  /// What was missed since `seq`, if it can be told.
  std::optional<Pushed> missed_since(std::uint64_t seq, const LiveState& state,
                                     Timestamp now) const;

  std::vector<std::shared_ptr<PushClient>> clients;

 private:
  LiveMessage named(LiveMessage whole) const;

  const Subscription subscription_;
  const std::string epoch_;
  Timestamp told_at_{};
  std::optional<Pushed> snapshot_;
};

}  // namespace wl::web
