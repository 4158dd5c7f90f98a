#include "alarm/notify/policy.hpp"

#include <algorithm>
#include <set>

#include "alarm/notify/times.hpp"

namespace wl::alarm::notify {
namespace {

bool stands_alone(const AlarmRecord& record) {
  return record.state == State::active_unacked && record.level >= Level::critical && record.id != 0;
}

PolicyOptions checked(PolicyOptions options) {
  options.rate_limit = std::max(options.rate_limit, shortest_pause);
  options.escalate_after = std::max(options.escalate_after, Milliseconds{});
  return options;
}

}  // namespace

Policy::Policy(PolicyOptions options, Now start) : options_(checked(options)) {
  next_id_ = static_cast<std::uint64_t>(std::max<std::int64_t>(1, to_unix_ms(start.wall)));
}

// ---- What comes in ----------------------------------------------------------------------------

/// Wishes before changes: an acknowledgement of what was raised in the same turn finds its news.
void Policy::on_output(const Output& output, const Facts& facts, Now now) {
  for (const Wish& wish : output.wishes) on_wish(wish, now);
  for (const Change& change : output.changes) on_change(change, now);
  flood_ = facts.flood;
  if (facts.flood) flood_raises_ = facts.flood_raises;
}

void Policy::on_wish(const Wish& wish, Now now) {
  using Reason = Wish::Reason;
  ++revision_;
  ++account_.given;
  if (wish.reason == Reason::flood_started || wish.reason == Reason::flood_ended) {
    return on_flood(wish, now);
  }
  const bool is_return = wish.reason == Reason::cleared;
  const Way way = !is_return && wish.record.level >= Level::critical ? Way::urgent : Way::ordinary;
  count_wish(way, now);
  if (alarms_.size() >= most_alarms && !alarms_.contains(wish.record.key)) {
    return on_unknown(wish, way, now);
  }
  Entry& entry = *alarms_.try_emplace(wish.record.key).first;
  Alarm& alarm = entry.second;
  if (!alarm.news) alarm.news.emplace();
  alarm.news->record = wish.record;
  alarm.news->wishes += 1;
  alarm.news->suppressed += wish.suppressed;
  alarm.news->raised |= !is_return;
  // Nobody was told of the raise, or a person had it in hand before it was due.
  if (is_return && !alarm.told && (alarm.in_hand || !alarm.news->raised)) {
    settle(alarm);
    return prune(entry, now);
  }
  alarm.in_hand = false;
  if (alarm.order == 0) return schedule(entry, now);
  if (way > alarm.way) make_ready(entry, way, now);
}

void Policy::on_change(const Change& change, Now now) {
  const AlarmRecord& record = change.record;
  const auto found = alarms_.find(record.key);
  if (stands_alone(record)) {
    // Also one whose raise was held back: nobody looks at it either.
    if (found == alarms_.end() && alarms_.size() >= most_alarms) return;
    return watch(*alarms_.try_emplace(record.key).first, record, now);
  }
  if (found == alarms_.end()) return;
  ++revision_;
  Alarm& alarm = found->second;
  stop_watching(*found);
  const bool hidden = is_hidden(record.state);
  alarm.in_hand = hidden || record.state == State::active_acked;
  // What ends unseen ends without a wish.
  if (hidden && !record.active) {
    alarm.told = false;
    if (alarm.order == 0) settle(alarm);
  }
  prune(*found, now);
}

void Policy::on_flood(const Wish& wish, Now now) {
  if (wish.reason == Wish::Reason::flood_started) {
    flood_ = true;
    flood_since_ = wish.at;
    Lane& ordinary = lane(Way::ordinary);
    ordinary.extra.wishes += 1;
    if (!ordinary.first_ready) ordinary.first_ready = now.monotonic;
    return;
  }
  flood_ = false;
  if (!flood_over_) flood_over_.emplace();
  flood_over_->wishes += 1;
  flood_over_->flood_raises = wish.raises;
  flood_over_->flood_time =
      flood_since_ ? std::max(Milliseconds{}, wish.at - *flood_since_) : Milliseconds{};
  flood_since_.reset();
}

void Policy::on_unknown(const Wish& wish, Way way, Now now) {
  if (wish.reason == Wish::Reason::cleared) {
    ++settled_;
    ++account_.settled;
    return;
  }
  Lane& to = lane(way);
  if (!to.first_ready) to.first_ready = now.monotonic;
  count_alarm(to.extra, wish.record);
  to.extra.wishes += 1;
}

// ---- When an alarm may be told about ----------------------------------------------------------

void Policy::schedule(Entry& entry, Now now) {
  const Alarm& alarm = entry.second;
  Milliseconds due = now.monotonic;
  if (alarm.any_at) due = std::max(due, *alarm.any_at + shortest_pause);
  const AlarmRecord& record = alarm.news->record;
  const bool worse = record.active && record.level > alarm.told_level;
  if (alarm.mailed_at && !worse) due = std::max(due, *alarm.mailed_at + options_.rate_limit);
  if (due <= now.monotonic) return on_due(entry, now);
  set_due(entry, due);
}

void Policy::set_due(Entry& entry, std::optional<Milliseconds> due) {
  Alarm& alarm = entry.second;
  if (alarm.due) due_.erase({*alarm.due, entry.first});
  alarm.due = due;
  if (due) due_.emplace(std::pair{*due, std::string_view(entry.first)}, &entry);
}

void Policy::on_time(Now now) {
  for (Lane& each : lanes_) {
    forget_before(each.wishes, now.monotonic - storm_time);
    forget_before(each.singles, now.monotonic - storm_time);
  }
  while (!due_.empty() && due_.begin()->first.first <= now.monotonic) {
    on_due(*due_.begin()->second, now);
  }
  send_escalation(now);
  flush(Way::urgent, now);
  send_flood_over(now);
  flush(Way::ordinary, now);
}

void Policy::on_due(Entry& entry, Now now) {
  Alarm& alarm = entry.second;
  set_due(entry, std::nullopt);
  if (!alarm.news) return prune(entry, now);
  // It waits for its end, or to be raised again: a person sees it already.
  if (alarm.in_hand && alarm.news->record.active) return;
  const AlarmRecord& record = alarm.news->record;
  make_ready(entry, record.active && record.level >= Level::critical ? Way::urgent : Way::ordinary,
             now);
}

void Policy::make_ready(Entry& entry, Way way, Now now) {
  Alarm& alarm = entry.second;
  unready(alarm);
  alarm.way = way;
  alarm.order = next_order_++;
  Lane& to = lane(way);
  to.ready.emplace(alarm.order, &entry);
  if (!to.first_ready) to.first_ready = now.monotonic;
}

void Policy::unready(Alarm& alarm) {
  if (alarm.order == 0) return;
  Lane& from = lane(alarm.way);
  from.ready.erase(alarm.order);
  alarm.order = 0;
  if (from.empty()) from.first_ready.reset();
}

void Policy::settle(Alarm& alarm) {
  if (!alarm.news) return;
  settled_ += alarm.news->wishes;
  account_.settled += alarm.news->wishes;
  unready(alarm);
  alarm.news.reset();
}

/// Forgets an alarm of which nothing needs to be known. One that was told stays until its end.
void Policy::prune(Entry& entry, Now now) {
  const Alarm& alarm = entry.second;
  if (alarm.news || alarm.told || alarm.alone_since) return;
  Milliseconds until = now.monotonic;
  if (alarm.mailed_at) until = std::max(until, *alarm.mailed_at + options_.rate_limit);
  if (alarm.any_at) until = std::max(until, *alarm.any_at + shortest_pause);
  if (until > now.monotonic) return set_due(entry, until);
  set_due(entry, std::nullopt);
  alarms_.erase(entry.first);
}

// ---- Alarms that nobody acknowledges ----------------------------------------------------------

void Policy::watch(Entry& entry, const AlarmRecord& record, Now now) {
  Alarm& alarm = entry.second;
  alarm.in_hand = false;
  const bool runs = alarm.alone_since.has_value();
  alarm.alone = record;
  if (runs) return;
  ++revision_;
  alarm.alone_since = now.monotonic;
  if (options_.escalate_after.count() > 0) {
    set_escalation(entry, now.monotonic + options_.escalate_after);
  }
}

void Policy::stop_watching(Entry& entry) {
  entry.second.alone.reset();
  entry.second.alone_since.reset();
  set_escalation(entry, std::nullopt);
}

void Policy::set_escalation(Entry& entry, std::optional<Milliseconds> due) {
  Alarm& alarm = entry.second;
  if (alarm.escalate_at) escalations_.erase({*alarm.escalate_at, entry.first});
  alarm.escalate_at = due;
  if (due) escalations_.emplace(std::pair{*due, std::string_view(entry.first)}, &entry);
}

void Policy::reconcile(std::span<const AlarmRecord> not_normal, Now now) {
  std::set<std::string_view> alone;
  for (const AlarmRecord& record : not_normal) {
    if (!stands_alone(record)) continue;
    if (alarms_.size() >= most_alarms && !alarms_.contains(record.key)) continue;
    Entry& entry = *alarms_.try_emplace(record.key).first;
    alone.insert(entry.first);
    watch(entry, record, now);
  }
  for (auto next = alarms_.begin(); next != alarms_.end();) {
    Entry& entry = *next++;
    if (alone.contains(entry.first)) continue;
    stop_watching(entry);
    prune(entry, now);
  }
}

// ---- Figures ----------------------------------------------------------------------------------

std::optional<Milliseconds> Policy::next_due() const {
  std::optional<Milliseconds> due;
  const auto earlier = [&](std::optional<Milliseconds> other) {
    if (other && (!due || *other < *due)) due = other;
  };
  if (!due_.empty()) earlier(due_.begin()->first.first);
  if (full()) return due;
  if (!escalations_.empty()) {
    const Milliseconds first = escalations_.begin()->first.first;
    earlier(last_escalation_ ? std::max(first, *last_escalation_ + shortest_pause) : first);
  }
  if (flood_over_) earlier(Milliseconds::min());
  for (const Way way : {Way::urgent, Way::ordinary}) {
    const Lane& each = lane(way);
    if (each.empty()) continue;
    earlier(storm(way) ? digest_due(way) : *each.first_ready);
    if (!each.wishes.empty()) earlier(each.wishes.front() + storm_time);
  }
  return due;
}

void Policy::posted(std::uint64_t id) {
  while (!letters_.empty() && letters_.front().id <= id) {
    letters_.pop_front();
    ++revision_;
  }
}

Account Policy::account() const {
  Account all = account_;
  for (const auto& [key, alarm] : alarms_) all.waiting += alarm.news ? alarm.news->wishes : 0;
  for (const Lane& each : lanes_) all.waiting += each.extra.wishes;
  if (flood_over_) all.waiting += flood_over_->wishes;
  return all;
}

}  // namespace wl::alarm::notify
