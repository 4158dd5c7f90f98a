// The newest value of every point, the alarms that stand, and whether the way to them is alive.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "model/live_message.hpp"

namespace wl::web {

/// What the collector's feed said last. Values are rounded as JsonWriter rounds them, so that the
/// live view and the API show the same figures. Pure; one thread uses it.
///
/// It numbers the messages for the clients (LiveMessage::seq) and remembers with which number each
/// point, alarm and the link changed last. So whoever has seen everything up to a number can be
/// told what it missed, however many messages that were, at the cost of one number a point.
class LiveState {
 public:
  /// `stale_after`: without a word from the collector for so long, nothing is fresh any more.
  explicit LiveState(Milliseconds stale_after) : stale_after_(stale_after) {}

  /// Returns the message as the clients shall get it. One without values too: it is their proof
  /// that nothing changed, without which they take steady values for stale. Of the alarms that are
  /// not normal the newest max_live_alarms are kept for the snapshot.
  LiveMessage apply(LiveMessage message);
  /// The feed broke off. Returns the link message for the clients, once an outage.
  std::optional<LiveMessage> feed_lost(std::string reason, Timestamp now);
  /// Everything, for a client that joins now.
  LiveMessage snapshot(Timestamp now) const;
  /// What changed after the message `seq`. Nothing when that cannot be told: `seq` was never given,
  /// points or alarms vanished since without a word of their end, more than `max_ended` alarms
  /// ended, or more than max_live_alarms changed.
  std::optional<LiveMessage> missed_since(std::uint64_t seq, Timestamp now) const;

  std::optional<LiveValue> value(const std::string& key) const;
  /// True once a snapshot arrived: before, the database knows more.
  bool has_values() const { return has_values_; }
  /// The link is up and the feed spoke within `stale_after`.
  bool fresh(Timestamp now) const;
  const LiveLink& link() const { return link_; }
  /// Nothing before the collector told them.
  const std::optional<LiveAlarmCounts>& alarm_counts() const { return alarm_counts_; }
  /// When the collector last sent a line.
  Timestamp heard_at() const { return heard_at_; }
  /// Of the newest message.
  std::uint64_t seq() const { return seq_; }

  static constexpr std::size_t max_ended = 256;

 private:
  struct HeldValue {
    LiveValue value;
    std::uint64_t changed = 0;  ///< The message with which it came.
  };
  struct HeldAlarm {
    AlarmRow row;
    std::uint64_t changed = 0;
  };

  void apply_values(const LiveMessage& message);
  void apply_alarms(const LiveMessage& message);
  void end_alarm(const AlarmRow& row);
  void forget_unnamed(const LiveMessage& snapshot);

  Milliseconds stale_after_;
  std::map<std::string, HeldValue> values_;
  std::map<std::uint64_t, HeldAlarm> alarms_;  ///< Not normal, by id.
  std::deque<HeldAlarm> ended_;                ///< The newest that ended, oldest first.
  std::optional<LiveAlarmCounts> alarm_counts_;
  LiveLink link_{false, "the collector has not been reached yet", {}};
  std::uint64_t seq_ = 0;
  std::uint64_t horizon_ = 0;  ///< Only later changes are known one by one.
  bool feed_up_ = false;
  bool has_values_ = false;
  Timestamp heard_at_{};
};

}  // namespace wl::web
