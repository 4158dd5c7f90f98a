#include "alarm/book.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace wl::alarm {

Book::Book(BookOptions options) : options_(options), next_id_(options.first_id) {}

// ---- Conditions -------------------------------------------------------------------------------

void Book::raise(const Identity& identity, const Finding& finding, Now now) {
  Alarm& alarm = obtain(identity);
  AlarmRecord& record = alarm.record;
  if (record.active) return;
  if (!goes_on_in_its_row(alarm, now)) begin_row(alarm, now);

  record.active = true;
  record.cleared_at.reset();
  record.level = record.raise_count == 0 ? finding.level : std::max(record.level, finding.level);
  record.threshold_value = finding.threshold;
  record.actual_value = finding.actual;
  ++record.raise_count;
  ++facts_.raises;

  std::optional<Wish> told;
  if (is_hidden(record.state) || alarm.suppress_wanted) {
    ++record.suppressed_count;
    ++facts_.suppressed_annunciations;
  } else {
    count_in_flood(now);
    told = annunciate(alarm, Wish::Reason::raised, now);
  }
  move(alarm, Event::raise, now);
  tell(std::move(told), alarm);
  note_raise(alarm, now);
  settle(alarm, now);
}

void Book::escalate(std::string_view key, const Finding& finding, Now now) {
  Alarm* alarm = lookup(key);
  if (!alarm || !alarm->record.active || finding.level <= alarm->record.level) return;
  alarm->record.level = finding.level;
  alarm->record.actual_value = finding.actual;
  std::optional<Wish> told;
  if (!is_hidden(alarm->record.state)) {
    told = annunciate(*alarm, Wish::Reason::level_raised, now);
  }
  move(*alarm, Event::escalate, now);
  tell(std::move(told), *alarm);
  settle(*alarm, now);
}

void Book::clear(std::string_view key, Now now) {
  Alarm* alarm = lookup(key);
  if (!alarm || !alarm->record.active) return;
  AlarmRecord& record = alarm->record;
  record.active = false;
  record.cleared_at = now.wall;
  const bool was_told = std::exchange(record.announced, false);
  alarm->annunciator.drop_pending();
  move(*alarm, Event::clear, now);
  if (was_told && !is_hidden(record.state)) {
    output_.wishes.push_back(wish(*alarm, Wish::Reason::cleared, now));
  }
  settle(*alarm, now);
}

bool Book::goes_on_in_its_row(const Alarm& alarm, Now now) const {
  if (alarm.record.id == 0) return false;
  if (is_hidden(alarm.record.state)) return true;
  return alarm.record.state == State::cleared_unacked &&
         alarm.annunciator.within(now.monotonic, options_.dedup_window);
}

void Book::begin_row(Alarm& alarm, Now now) {
  const AlarmRecord old = alarm.record;
  if (old.id != 0) {
    if (old.state == State::cleared_unacked) {
      alarm.record.superseded_by = next_id_;
      move(alarm, Event::retire, now);
    }
    rows_.erase(old.id);
  }
  AlarmRecord fresh;
  fresh.id = next_id_++;
  fresh.key = old.key;
  fresh.timestamp = now.wall;
  fresh.device = old.device;
  fresh.parameter = old.parameter;
  fresh.alarm_type = old.alarm_type;
  fresh.message = old.message;
  fresh.state = alarm.record.state;
  fresh.chattering = old.chattering;
  fresh.announced_at = old.announced_at;
  fresh.announced_level = old.announced_level;
  alarm.record = std::move(fresh);
  rows_[alarm.record.id] = &alarm;
}

// ---- Logic and service ------------------------------------------------------------------------

void Book::suppress(const Identity& identity, Hide hide, Now now) {
  const bool wanted = hide == Hide::yes;
  if (!wanted && !lookup(identity.key)) return;
  Alarm& alarm = obtain(identity);
  alarm.suppress_wanted = wanted;
  if (!wanted && alarm.record.state == State::suppressed) {
    back_in_view(alarm, Event::unsuppress, now);
  }
  settle(alarm, now);
}

void Book::take_out_of_service(const Identity& identity, Now now) {
  Alarm& alarm = obtain(identity);
  AlarmRecord& record = alarm.record;
  if (record.state == State::out_of_service) return;
  if (record.active) record.cleared_at = now.wall;
  record.active = false;
  record.announced = false;
  alarm.annunciator.drop_pending();
  move(alarm, Event::take_out_of_service, now);
  settle(alarm, now);
}

void Book::return_to_service(std::string_view key, Now now) {
  Alarm* alarm = lookup(key);
  if (!alarm || alarm->record.state != State::out_of_service) return;
  back_in_view(*alarm, Event::return_to_service, now);
  settle(*alarm, now);
}

void Book::retire(std::string_view key, Now now) {
  const auto found = alarms_.find(key);
  if (found == alarms_.end()) return;
  Alarm& alarm = found->second;
  AlarmRecord& record = alarm.record;
  const bool was_told = std::exchange(record.announced, false);
  if (record.active) record.cleared_at = now.wall;
  record.active = false;
  if (record.state != State::normal) {
    move(alarm, Event::retire, now);
    if (was_told) output_.wishes.push_back(wish(alarm, Wish::Reason::cleared, now));
  }
  if (record.chattering) --facts_.chattering;
  if (alarm.timer) timers_.erase({*alarm.timer, found->first});
  rows_.erase(record.id);
  alarms_.erase(found);
}

/// An alarm that was hidden by a person or by logic shows itself again.
void Book::back_in_view(Alarm& alarm, Event event, Now now, const std::string& by) {
  std::optional<Wish> told;
  if (alarm.record.active && !alarm.suppress_wanted) {
    told = annunciate(alarm, Wish::Reason::unshelved, now);
  }
  move(alarm, event, now, by);
  tell(std::move(told), alarm);
}

void Book::settle(Alarm& alarm, Now now) {
  if (alarm.suppress_wanted) move(alarm, Event::suppress, now);
  schedule(alarm);
}

// ---- The one place where a state changes ------------------------------------------------------

bool Book::move(Alarm& alarm, Event event, Now now, const std::string& by) {
  AlarmRecord& record = alarm.record;
  const Step step = step_of(record.state, event);
  if (step.kind == Step::Kind::ignored || step.kind == Step::Kind::refused) return false;
  const State from = record.state;
  State to = from;
  if (step.kind == Step::Kind::moves) to = step.to;
  if (step.kind == Step::Kind::by_condition) {
    to = record.active ? State::active_unacked : State::normal;
  }
  // The row of an alarm that was over is not opened again by logic or a disabled rule.
  const bool by_logic = to == State::suppressed || to == State::out_of_service;
  if (by_logic && from == State::normal && record.id != 0) {
    rows_.erase(record.id);
    record.id = 0;
  }
  if (to == State::active_unacked && to != from) {
    record.acknowledged = false;
    record.acknowledged_by.clear();
    record.acknowledged_at.reset();
  }
  if (from == State::shelved && to != from) {
    record.shelved_until.reset();
    alarm.shelved_until.reset();
  }
  count(from, -1);
  record.state = to;
  count(to, +1);
  output_.changes.push_back({next_seq_++, event, from, to, now.wall, by, record});
  return true;
}

void Book::count(State state, int by) {
  const bool active = state == State::active_unacked || state == State::active_acked;
  const bool unacked = state == State::active_unacked || state == State::cleared_unacked;
  if (active) facts_.active += by;
  if (unacked) facts_.unacknowledged += by;
  if (state == State::shelved) facts_.shelved += by;
  if (state == State::suppressed) facts_.suppressed += by;
  if (state == State::out_of_service) facts_.out_of_service += by;
}

// ---- Announcements ----------------------------------------------------------------------------

std::optional<Wish> Book::annunciate(Alarm& alarm, Wish::Reason reason, Now now) {
  Annunciator& annunciator = alarm.annunciator;
  const auto verdict = annunciator.ask(alarm.record.level, now.monotonic, options_.dedup_window);
  if (verdict == Annunciator::Verdict::later) {
    ++alarm.record.suppressed_count;
    ++facts_.suppressed_annunciations;
    return std::nullopt;
  }
  Wish told = wish(alarm, reason, now);
  annunciator.announced(alarm.record.level, now.monotonic);
  alarm.record.announced_at = now.wall;
  alarm.record.announced_level = alarm.record.level;
  alarm.record.announced = true;
  return told;
}

Wish Book::wish(const Alarm& alarm, Wish::Reason reason, Now now) const {
  Wish made;
  made.reason = reason;
  made.at = now.wall;
  made.record = alarm.record;
  made.suppressed = alarm.annunciator.suppressed();
  made.in_flood = flood_.flood();
  return made;
}

/// The wish shows the row as it is after the change that caused it.
void Book::tell(std::optional<Wish> told, const Alarm& alarm) {
  if (!told) return;
  told->record = alarm.record;
  output_.wishes.push_back(std::move(*told));
}

void Book::note_raise(Alarm& alarm, Now now) {
  if (!alarm.chatter.on_raise(now.monotonic)) return;
  alarm.record.chattering = true;
  ++facts_.chattering;
  move(alarm, Event::chatter_start, now);
}

void Book::count_in_flood(Now now) {
  const bool begins = flood_.on_raise(now.monotonic);
  if (flood_.flood()) facts_.flood_raises = flood_.raises();
  if (!begins) return;
  facts_.flood = true;
  facts_.flood_since = now.wall;
  Wish started;
  started.reason = Wish::Reason::flood_started;
  started.at = now.wall;
  started.raises = flood_.raises();
  started.in_flood = true;
  output_.wishes.push_back(std::move(started));
}

// ---- Time -------------------------------------------------------------------------------------

std::optional<Milliseconds> Book::next_due() const {
  std::optional<Milliseconds> due = flood_.over_at();
  if (!timers_.empty() && (!due || timers_.begin()->first < *due)) due = timers_.begin()->first;
  return due;
}

void Book::on_time(Now now) {
  end_flood(now);
  while (!timers_.empty() && timers_.begin()->first <= now.monotonic) {
    Alarm* alarm = lookup(timers_.begin()->second);
    WL_CHECK(alarm);
    on_timer(*alarm, now);
    settle(*alarm, now);
    // Each thing that was due is over now, so the same alarm is never due again at this time.
    WL_CHECK(!alarm->timer || *alarm->timer > now.monotonic);
  }
}

void Book::on_timer(Alarm& alarm, Now now) {
  if (alarm.shelved_until && *alarm.shelved_until <= now.monotonic) {
    back_in_view(alarm, Event::unshelve, now);
  }
  if (const auto calm = alarm.chatter.calm_at(); calm && *calm <= now.monotonic) {
    alarm.chatter.calm();
    alarm.record.chattering = false;
    --facts_.chattering;
    move(alarm, Event::chatter_end, now);
  }
  const auto due = alarm.annunciator.due(options_.dedup_window);
  if (!due || *due > now.monotonic) return;
  if (alarm.record.state != State::active_unacked) {
    alarm.annunciator.drop_pending();
    return;
  }
  std::optional<Wish> told = annunciate(alarm, Wish::Reason::raised, now);
  move(alarm, Event::announce, now);
  tell(std::move(told), alarm);
}

void Book::end_flood(Now now) {
  const auto over = flood_.over_at();
  if (!over || *over > now.monotonic) return;
  flood_.over();
  facts_.flood = false;
  Wish ended;
  ended.reason = Wish::Reason::flood_ended;
  ended.at = now.wall;
  ended.raises = flood_.raises();
  output_.wishes.push_back(std::move(ended));
}

void Book::schedule(Alarm& alarm) {
  std::optional<Milliseconds> due = alarm.shelved_until;
  const auto earlier = [&](std::optional<Milliseconds> other) {
    if (other && (!due || *other < *due)) due = other;
  };
  earlier(alarm.annunciator.due(options_.dedup_window));
  earlier(alarm.chatter.calm_at());
  if (due == alarm.timer) return;
  const std::string_view key = alarms_.find(alarm.record.key)->first;
  if (alarm.timer) timers_.erase({*alarm.timer, key});
  if (due) timers_.insert({*due, key});
  alarm.timer = due;
}

}  // namespace wl::alarm
