// What waits for one WebSocket client: never more than one value a point, one row an alarm.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "model/live_message.hpp"

namespace wl::web {

/// A message and its text, shared by all clients that are quick enough to get it as it is.
struct Pushed {
  std::shared_ptr<const LiveMessage> message;
  std::shared_ptr<const std::string> text;
};

/// Encodes once for many clients.
Pushed make_pushed(LiveMessage message);

/// Holds what could not be written yet. When a second message arrives before the first left, both
/// become one that carries the latest value of each point and the latest row of each alarm: a slow
/// client sees fewer, never older ones, and holds no more memory than a snapshot: more than
/// max_live_alarms are not taken. Pure; the session's strand uses it.
class Mailbox {
 public:
  /// False: too many alarms wait, this message was not taken. A snapshot always is, and replaces
  /// what waits.
  bool offer(const Pushed& pushed);
  /// The next text to write; null when there is nothing.
  std::shared_ptr<const std::string> next();
  bool empty() const { return !waiting_ && !merged_; }
  /// Messages that were folded into another since the start.
  std::uint64_t conflated() const { return conflated_; }

 private:
  void merge_waiting();
  void fold(const LiveMessage& message);
  void fold_into_snapshot();
  LiveMessage next_part();

  std::optional<Pushed> waiting_;      // One message, as it came.
  std::optional<LiveMessage> merged_;  // More than one; its alarms are in alarms_.
  std::map<std::uint64_t, LiveAlarm> alarms_;
  std::uint64_t conflated_ = 0;
};

}  // namespace wl::web
