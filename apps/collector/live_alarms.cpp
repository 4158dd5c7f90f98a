#include "apps/collector/live_alarms.hpp"

namespace wl {

void LiveAlarms::take(const LiveMessage& message) {
  for (const LiveAlarm& alarm : message.alarms) {
    if (alarm.row.state == "normal") {
      standing_.erase(alarm.row.id);
    } else {
      standing_.insert_or_assign(alarm.row.id, alarm.row);
    }
    if (!flooded_) untold_.insert_or_assign(alarm.row.id, alarm);
  }
  if (message.alarm_counts) counts_ = message.alarm_counts;
  if (untold_.size() <= max_live_alarms) return;
  untold_.clear();
  flooded_ = true;
}

std::optional<LiveAlarms::Clock::time_point> LiveAlarms::due() const {
  if (flooded_) return next_snapshot_;
  if (untold_.empty()) return std::nullopt;
  return Clock::time_point{};
}

std::vector<LiveMessage> LiveAlarms::messages() {
  std::vector<LiveMessage> all;
  for (auto& [id, alarm] : untold_) {
    if (all.empty() || all.back().alarms.size() == alarms_a_message) {
      all.push_back({.type = LiveMessage::Type::alarm, .ts = {}, .values = {}, .link = {}});
      all.back().alarm_counts = counts_;
    }
    all.back().alarms.push_back(std::move(alarm));
  }
  untold_.clear();
  return all;
}

void LiveAlarms::put_into(LiveMessage& snapshot) const {
  snapshot.alarms.clear();
  auto from = standing_.begin();
  if (standing_.size() > max_live_alarms) {
    from = std::prev(standing_.end(), static_cast<std::ptrdiff_t>(max_live_alarms));
  }
  for (; from != standing_.end(); ++from) snapshot.alarms.push_back({from->second, {}});
  snapshot.alarm_counts = counts_;
}

void LiveAlarms::told_by_snapshot(Clock::time_point now) {
  untold_.clear();
  flooded_ = false;
  next_snapshot_ = now + snapshot_pause;
}

}  // namespace wl
