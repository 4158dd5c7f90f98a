#include "web/live/live_state.hpp"

#include "web/http/json_writer.hpp"

namespace wl::web {

LiveMessage LiveState::apply(LiveMessage message) {
  heard_at_ = message.ts;
  for (auto& [key, value] : message.values) value.value = rounded(value.value);
  feed_up_ = true;
  if (message.type == LiveMessage::Type::snapshot) {
    values_ = message.values;
    has_values_ = true;
  } else {
    for (const auto& [key, value] : message.values) values_.insert_or_assign(key, value);
  }
  if (message.link) link_ = *message.link;
  apply_alarms(message);
  return message;
}

void LiveState::apply_alarms(const LiveMessage& message) {
  if (message.type == LiveMessage::Type::snapshot) alarms_.clear();
  for (const LiveAlarm& alarm : message.alarms) {
    if (alarm.row.state == "normal") {
      alarms_.erase(alarm.row.id);
    } else {
      alarms_.insert_or_assign(alarm.row.id, alarm.row);
    }
  }
  while (alarms_.size() > max_live_alarms) alarms_.erase(alarms_.begin());
  if (message.alarm_counts) alarm_counts_ = message.alarm_counts;
}

std::optional<LiveMessage> LiveState::feed_lost(std::string reason, Timestamp now) {
  const bool known = !feed_up_ && !link_.up && link_.reason == reason;
  feed_up_ = false;
  if (known) return std::nullopt;
  const Timestamp since = link_.up || link_.since == Timestamp{} ? now : link_.since;
  link_ = LiveLink{false, std::move(reason), since};
  LiveMessage message;
  message.type = LiveMessage::Type::link;
  message.ts = now;
  message.link = link_;
  return message;
}

LiveMessage LiveState::snapshot(Timestamp now) const {
  LiveMessage message;
  message.type = LiveMessage::Type::snapshot;
  message.ts = now;
  message.values = values_;
  message.link = link_;
  for (const auto& [id, row] : alarms_) message.alarms.push_back({row, {}});
  message.alarm_counts = alarm_counts_;
  return message;
}

std::optional<LiveValue> LiveState::value(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

bool LiveState::fresh(Timestamp now) const {
  return feed_up_ && link_.up && now - heard_at_ < stale_after_;
}

}  // namespace wl::web
