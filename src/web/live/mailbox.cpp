#include "web/live/mailbox.hpp"

#include <utility>

namespace wl::web {

using Type = LiveMessage::Type;

namespace {

/// Link, alarms and values in one message.
bool is_whole(const LiveMessage& message) {
  return message.type == Type::snapshot || message.type == Type::resumed;
}

}  // namespace

Pushed make_pushed(LiveMessage message) {
  auto text = std::make_shared<const std::string>(encode_live(message));
  return {std::make_shared<const LiveMessage>(std::move(message)), std::move(text)};
}

bool Mailbox::offer(const Pushed& pushed) {
  if (empty() || pushed.message->type == Type::snapshot) {
    merged_.reset();
    alarms_.clear();
    waiting_ = pushed;
    return true;
  }
  merge_waiting();
  const std::size_t more = pushed.message->alarms.size();
  if (more > 0 && merged_->type != Type::snapshot && alarms_.size() + more > max_live_alarms) {
    return false;
  }
  ++conflated_;
  fold(*pushed.message);
  return true;
}

void Mailbox::merge_waiting() {
  if (!waiting_) return;
  merged_ = *waiting_->message;
  waiting_.reset();
  for (LiveAlarm& alarm : std::exchange(merged_->alarms, {})) {
    alarms_.insert_or_assign(alarm.row.id, std::move(alarm));
  }
}

void Mailbox::fold(const LiveMessage& message) {
  if (!is_whole(*merged_) && message.type == Type::values) merged_->type = Type::values;
  merged_->ts = message.ts;
  merged_->seq = message.seq;
  for (const auto& [key, value] : message.values) merged_->values.insert_or_assign(key, value);
  if (message.link) merged_->link = message.link;
  for (const LiveAlarm& alarm : message.alarms) alarms_.insert_or_assign(alarm.row.id, alarm);
  if (message.alarm_counts) merged_->alarm_counts = message.alarm_counts;
  if (merged_->type == Type::snapshot) fold_into_snapshot();
}

/// A snapshot names what stands now, the newest of it.
void Mailbox::fold_into_snapshot() {
  std::erase_if(alarms_, [](const auto& entry) { return entry.second.row.state == "normal"; });
  while (alarms_.size() > max_live_alarms) alarms_.erase(alarms_.begin());
  for (auto& [id, alarm] : alarms_) alarm.event.clear();
}

std::shared_ptr<const std::string> Mailbox::next() {
  if (waiting_) {
    auto text = std::move(waiting_->text);
    waiting_.reset();
    return text;
  }
  if (!merged_) return nullptr;
  return std::make_shared<const std::string>(encode_live(next_part()));
}

/// Clients look for the link and for alarms in messages of these types only, so what was folded
/// leaves as up to three messages: the link, the alarms, the values. The last one has the number:
/// who has seen it has seen all.
LiveMessage Mailbox::next_part() {
  LiveMessage part;
  part.ts = merged_->ts;
  const bool whole = is_whole(*merged_);
  if (!whole && merged_->link) {
    part.type = Type::link;
    part.link = std::exchange(merged_->link, std::nullopt);
  } else if (!whole && !alarms_.empty()) {
    part.type = Type::alarm;
    part.alarm_counts = std::exchange(merged_->alarm_counts, std::nullopt);
    for (auto& [id, alarm] : alarms_) part.alarms.push_back(std::move(alarm));
    alarms_.clear();
  } else {
    part = std::move(*merged_);
    for (auto& [id, alarm] : alarms_) part.alarms.push_back(std::move(alarm));
    alarms_.clear();
    merged_.reset();
    return part;
  }
  const bool values_left = merged_->type == Type::values;
  if (!values_left && !merged_->link && alarms_.empty()) {
    part.seq = merged_->seq;
    merged_.reset();
  }
  return part;
}

}  // namespace wl::web
