#include "web/live/live_state.hpp"

#include <set>

#include "web/http/json_writer.hpp"

namespace wl::web {

using Type = LiveMessage::Type;

LiveMessage LiveState::apply(LiveMessage message) {
  heard_at_ = message.ts;
  feed_up_ = true;
  message.seq = ++seq_;
  message.epoch.clear();  // The numbers are ours.
  message.devices.clear();
  for (auto& [key, value] : message.values) value.value = rounded(value.value);
  if (message.type == Type::snapshot) forget_unnamed(message);
  apply_values(message);
  if (message.link) link_ = *message.link;
  apply_alarms(message);
  return message;
}

/// A snapshot is the whole truth: what it does not name is gone, and nobody told its end.
void LiveState::forget_unnamed(const LiveMessage& snapshot) {
  has_values_ = true;
  std::set<std::uint64_t> named;
  for (const LiveAlarm& alarm : snapshot.alarms) named.insert(alarm.row.id);
  const std::size_t points = std::erase_if(
      values_, [&](const auto& held) { return !snapshot.values.contains(held.first); });
  const std::size_t alarms =
      std::erase_if(alarms_, [&](const auto& held) { return !named.contains(held.first); });
  if (points + alarms > 0) horizon_ = seq_;
}

void LiveState::apply_values(const LiveMessage& message) {
  const bool whole = message.type == Type::snapshot;
  for (const auto& [key, value] : message.values) {
    const auto [held, is_new] = values_.try_emplace(key, HeldValue{value, seq_});
    if (is_new || (whole && held->second.value == value)) continue;
    held->second = {value, seq_};
  }
}

void LiveState::apply_alarms(const LiveMessage& message) {
  for (const LiveAlarm& alarm : message.alarms) {
    if (alarm.row.state == alarm_state::normal) {
      end_alarm(alarm.row);
    } else {
      alarms_.insert_or_assign(alarm.row.id, HeldAlarm{alarm.row, seq_});
    }
  }
  while (alarms_.size() > max_live_alarms) alarms_.erase(alarms_.begin());
  if (message.alarm_counts) alarm_counts_ = message.alarm_counts;
}

void LiveState::end_alarm(const AlarmRow& row) {
  alarms_.erase(row.id);
  ended_.push_back({row, seq_});
  if (ended_.size() <= max_ended) return;
  horizon_ = std::max(horizon_, ended_.front().changed);
  ended_.pop_front();
}

std::optional<LiveMessage> LiveState::feed_lost(std::string reason, Timestamp now) {
  const bool known = !feed_up_ && !link_.up && link_.reason == reason;
  feed_up_ = false;
  if (known) return std::nullopt;
  const Timestamp since = link_.up || link_.since == Timestamp{} ? now : link_.since;
  link_ = LiveLink{false, std::move(reason), since};
  LiveMessage message;
  message.type = Type::link;
  message.ts = now;
  message.link = link_;
  message.seq = ++seq_;
  return message;
}

LiveMessage LiveState::snapshot(Timestamp now) const {
  LiveMessage message;
  message.type = Type::snapshot;
  message.ts = now;
  message.seq = seq_;
  message.link = link_;
  message.alarm_counts = alarm_counts_;
  for (const auto& [key, held] : values_) {
    message.values.emplace_hint(message.values.end(), key, held.value);
  }
  for (const auto& [id, held] : alarms_) message.alarms.push_back({held.row, {}});
  return message;
}

std::optional<LiveMessage> LiveState::missed_since(std::uint64_t seq, Timestamp now) const {
  if (seq < horizon_ || seq > seq_) return std::nullopt;
  LiveMessage message;
  message.type = Type::resumed;
  message.ts = now;
  message.seq = seq_;
  message.link = link_;
  message.alarm_counts = alarm_counts_;
  for (const auto& [key, held] : values_) {
    if (held.changed > seq) message.values.emplace_hint(message.values.end(), key, held.value);
  }
  for (const HeldAlarm& held : ended_) {
    if (held.changed > seq) message.alarms.push_back({held.row, {}});
  }
  for (const auto& [id, held] : alarms_) {
    if (held.changed > seq) message.alarms.push_back({held.row, {}});
  }
  if (message.alarms.size() > max_live_alarms) return std::nullopt;
  return message;
}

std::optional<LiveValue> LiveState::value(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second.value);
}

bool LiveState::fresh(Timestamp now) const {
  return feed_up_ && link_.up && now - heard_at_ < stale_after_;
}

}  // namespace wl::web
