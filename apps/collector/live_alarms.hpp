// What the live socket tells of alarms: those that stand, and what of them is not yet told.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/live_message.hpp"

namespace wl {

/// Keeps the newest row of every alarm that is not normal (as many as there are rules and
/// system alarms, at most), and what changed since it was told. Pure; the live hub's thread owns
/// it.
///
/// Limit: when more than max_live_alarms wait to be told, none is told by itself any more: one
/// snapshot takes the place of all, at most two a second.
class LiveAlarms {
 public:
  using Clock = std::chrono::steady_clock;

  /// Alarms and counts of a message of the core.
  void take(const LiveMessage& message);

  /// When something is to be told; nothing when nothing waits.
  std::optional<Clock::time_point> due() const;
  /// It is to be told by a snapshot.
  bool snapshot_wanted() const { return flooded_; }

  /// What waits, as messages of at most `alarms_a_message`; nothing waits afterwards. None while a
  /// snapshot is wanted.
  std::vector<LiveMessage> messages();
  /// The alarms of a snapshot: the newest max_live_alarms.
  void put_into(LiveMessage& snapshot) const;
  /// A snapshot went to everybody: nothing waits any more.
  void told_by_snapshot(Clock::time_point now);

  static constexpr std::size_t alarms_a_message = 100;
  static constexpr std::chrono::milliseconds snapshot_pause{500};

 private:
  std::map<std::uint64_t, AlarmRow> standing_;
  std::map<std::uint64_t, LiveAlarm> untold_;
  std::optional<LiveAlarmCounts> counts_;
  bool flooded_ = false;
  Clock::time_point next_snapshot_{};
};

}  // namespace wl
