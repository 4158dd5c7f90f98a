// The newest value of every point, the alarms that stand, and whether the way to them is alive.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "model/live_message.hpp"

namespace wl::web {

/// What the collector's feed said last. Values are rounded as JsonWriter rounds them, so that the
/// live view and the API show the same figures. Pure; one thread uses it.
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

 private:
  void apply_alarms(const LiveMessage& message);

  Milliseconds stale_after_;
  std::map<std::string, LiveValue> values_;
  std::map<std::uint64_t, AlarmRow> alarms_;  ///< Not normal, by id.
  std::optional<LiveAlarmCounts> alarm_counts_;
  LiveLink link_{false, "the collector has not been reached yet", {}};
  bool feed_up_ = false;
  bool has_values_ = false;
  Timestamp heard_at_{};
};

}  // namespace wl::web
