// What persons order, and what was known before a restart.
#include <fmt/format.h>

#include <algorithm>

#include "alarm/book.hpp"

namespace wl::alarm {
namespace {

constexpr std::size_t longest_note = 500;
constexpr Milliseconds shortest_shelving = std::chrono::minutes(1);

std::string why_not_acknowledged(const AlarmRecord& record) {
  if (record.state == State::shelved) {
    return fmt::format("alarm {} is shelved until {}; unshelve it first", record.id,
                       to_iso8601(record.shelved_until.value_or(Timestamp{})));
  }
  if (is_hidden(record.state)) {
    return fmt::format("alarm {} is {}: there is nothing to acknowledge", record.id,
                       word(record.state));
  }
  if (record.acknowledged && record.acknowledged_at) {
    return fmt::format("alarm {} was acknowledged by {} at {}", record.id, record.acknowledged_by,
                       to_iso8601(*record.acknowledged_at));
  }
  return fmt::format("alarm {} is over: there is nothing to acknowledge", record.id);
}

}  // namespace

Result<Book::Alarm*> Book::row(std::uint64_t id, const Order& order) {
  if (order.by.empty()) return fail(Errc::invalid_argument, "the name of the person is missing");
  if (order.note.size() > longest_note) {
    return fail(Errc::invalid_argument, fmt::format("the note has {} bytes; at most {} are kept",
                                                    order.note.size(), longest_note));
  }
  const auto found = rows_.find(id);
  if (found != rows_.end()) return found->second;
  if (id == 0 || id >= next_id_) return fail(Errc::not_found, fmt::format("no alarm {}", id));
  return fail(Errc::conflict, fmt::format("alarm {} is over; a newer one may stand", id));
}

Result<AlarmRecord> Book::acknowledge(std::uint64_t id, const Order& order, Now now) {
  const Result<Alarm*> found = row(id, order);
  if (!found) return std::unexpected(found.error());
  Alarm& alarm = **found;
  AlarmRecord& record = alarm.record;
  if (step_of(record.state, Event::acknowledge).kind == Step::Kind::refused) {
    return fail(Errc::conflict, why_not_acknowledged(record));
  }
  record.acknowledged = true;
  record.acknowledged_by = order.by;
  record.acknowledged_at = now.wall;
  record.note = order.note;
  alarm.annunciator.drop_pending();
  move(alarm, Event::acknowledge, now, order.by);
  AlarmRecord answer = record;  // The logic that waited for it may hide the alarm now.
  settle(alarm, now);
  return answer;
}

Result<AlarmRecord> Book::shelve(std::uint64_t id, Milliseconds time, const Order& order, Now now) {
  const Result<Alarm*> found = row(id, order);
  if (!found) return std::unexpected(found.error());
  if (time < shortest_shelving || time > options_.longest_shelving) {
    const auto most = std::chrono::duration_cast<std::chrono::minutes>(options_.longest_shelving);
    return fail(Errc::invalid_argument,
                fmt::format("an alarm is shelved for 1 to {} minutes", most.count()));
  }
  Alarm& alarm = **found;
  AlarmRecord& record = alarm.record;
  if (step_of(record.state, Event::shelve).kind == Step::Kind::refused) {
    return fail(Errc::conflict, fmt::format("alarm {} is out of service; enable its rule", id));
  }
  record.shelved_by = order.by;
  record.shelved_until = now.wall + time;
  record.note = order.note;
  record.announced = false;
  alarm.shelved_until = now.monotonic + time;
  alarm.annunciator.drop_pending();
  move(alarm, Event::shelve, now, order.by);
  settle(alarm, now);
  return record;
}

Result<AlarmRecord> Book::unshelve(std::uint64_t id, const Order& order, Now now) {
  const Result<Alarm*> found = row(id, order);
  if (!found) return std::unexpected(found.error());
  Alarm& alarm = **found;
  if (alarm.record.state != State::shelved) {
    return fail(Errc::conflict, fmt::format("alarm {} is not shelved", id));
  }
  back_in_view(alarm, Event::unshelve, now, order.by);
  settle(alarm, now);
  return alarm.record;
}

void Book::restore(std::vector<AlarmRecord> saved, Now now) {
  std::ranges::sort(saved, {}, &AlarmRecord::id);
  for (AlarmRecord& record : saved) {
    if (record.id == 0) continue;  // Never was a row: hidden before it was raised.
    next_id_ = std::max(next_id_, record.id + 1);
    restore_one(std::move(record), now);
  }
}

void Book::restore_one(AlarmRecord saved, Now now) {
  Alarm& alarm = alarms_[saved.key];
  // Of two rows of one alarm the newer stands; the process ended between two writes.
  if (alarm.record.id != 0) {
    alarm.record.superseded_by = saved.id;
    alarm.record.active = false;
    move(alarm, Event::retire, now);
    rows_.erase(alarm.record.id);
  }
  saved.chattering = false;  // Its times are not kept; three raises will tell again.
  alarm.record = std::move(saved);
  const AlarmRecord& record = alarm.record;
  count(record.state, +1);
  rows_[record.id] = &alarm;
  if (record.announced_at) {
    // A wall clock that was set back must not make the announcement lie in the future.
    const Milliseconds ago = std::max(Milliseconds{}, now.wall - *record.announced_at);
    alarm.annunciator.restore(record.announced_level, now.monotonic - ago);
  }
  if (record.state == State::shelved) {
    const Milliseconds left = record.shelved_until.value_or(now.wall) - now.wall;
    alarm.shelved_until =
        now.monotonic + std::clamp(left, Milliseconds{}, options_.longest_shelving);
  }
  // The logic that hid it says so again if it still wants to; until then it must be seen.
  if (record.state == State::suppressed) back_in_view(alarm, Event::unsuppress, now);
  schedule(alarm);
}

Book::Alarm& Book::obtain(const Identity& identity) {
  const auto [at, is_new] = alarms_.try_emplace(identity.key);
  AlarmRecord& record = at->second.record;
  if (is_new) {
    record.key = identity.key;
    record.device = identity.device;
    record.parameter = identity.parameter;
    record.alarm_type = identity.alarm_type;
    record.message = identity.message;
  }
  return at->second;
}

Book::Alarm* Book::lookup(std::string_view key) {
  const auto found = alarms_.find(key);
  return found == alarms_.end() ? nullptr : &found->second;
}

const AlarmRecord* Book::find(std::string_view key) const {
  const auto found = alarms_.find(key);
  return found == alarms_.end() ? nullptr : &found->second.record;
}

std::vector<AlarmRecord> Book::not_normal() const {
  std::vector<AlarmRecord> all;
  for (const auto& [key, alarm] : alarms_) {
    if (alarm.record.state != State::normal) all.push_back(alarm.record);
  }
  return all;
}

std::vector<std::string> Book::keys() const {
  std::vector<std::string> all;
  for (const auto& [key, alarm] : alarms_) all.push_back(key);
  return all;
}

}  // namespace wl::alarm
