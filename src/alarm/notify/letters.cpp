// How the policy makes letters of what is ready.
#include <algorithm>
#include <array>

#include "alarm/notify/policy.hpp"
#include "alarm/notify/times.hpp"

namespace wl::alarm::notify {
namespace {

constexpr std::size_t most_letters = 100;
constexpr std::array<std::string_view, 5> kind_words{"alarm", "returned", "digest", "escalation",
                                                     "flood_over"};

void add_line(Letter& letter, LetterLine line) {
  count_alarm(letter, line.record);
  letter.wishes += line.wishes;
  if (letter.lines.size() < most_lines) letter.lines.push_back(std::move(line));
}

void count_device(Letter& letter, const std::string& device, std::uint64_t alarms) {
  const bool room = letter.by_device.size() < most_devices || letter.by_device.contains(device);
  letter.by_device[room ? device : std::string()] += alarms;
}

void add_counts(Letter& to, const Letter& from) {
  to.alarms += from.alarms;
  to.returned += from.returned;
  to.wishes += from.wishes;
  if (from.alarms > 0) to.level = std::max(to.level, from.level);
  for (std::size_t i = 0; i < to.by_level.size(); ++i) to.by_level[i] += from.by_level[i];
  for (const auto& [device, alarms] : from.by_device) count_device(to, device, alarms);
}

}  // namespace

std::string_view word(LetterKind kind) {
  return kind_words[static_cast<std::size_t>(kind)];
}

std::optional<LetterKind> letter_kind_from_word(std::string_view text) {
  const auto found = std::ranges::find(kind_words, text);
  if (found == kind_words.end()) return std::nullopt;
  return static_cast<LetterKind>(found - kind_words.begin());
}

void count_alarm(Letter& letter, const AlarmRecord& record) {
  letter.alarms += 1;
  letter.returned += record.active ? 0 : 1;
  letter.level = std::max(letter.level, record.level);
  letter.by_level[static_cast<std::size_t>(record.level)] += 1;
  count_device(letter, record.device, 1);
}

// ---- Storms -----------------------------------------------------------------------------------

void Policy::count_wish(Way way, Now now) {
  std::deque<Milliseconds>& wishes = lane(way).wishes;
  wishes.push_back(now.monotonic);
  if (wishes.size() > options_.storm_more_than + 1) wishes.pop_front();
}

/// Whether what is ready now must go into a digest.
bool Policy::storm(Way way) const {
  const Lane& each = lane(way);
  if (each.extra.wishes > 0 || (way == Way::ordinary && flood_)) return true;
  return each.wishes.size() > options_.storm_more_than ||
         each.singles.size() + each.ready.size() > options_.storm_more_than;
}

Milliseconds Policy::digest_due(Way way) const {
  const Lane& each = lane(way);
  const Milliseconds gathered = each.first_ready.value_or(Milliseconds{}) + gather_time;
  if (!each.last_digest) return gathered;
  const bool lasts = flood_ || each.wishes.size() > options_.storm_more_than;
  const bool patient = way == Way::ordinary && lasts;
  return std::max(gathered, *each.last_digest + (patient ? options_.rate_limit : shortest_pause));
}

void Policy::flush(Way way, Now now) {
  if (lane(way).empty() || full()) return;
  if (!storm(way)) return send_singles(way, now);
  if (now.monotonic >= digest_due(way)) send_digest(way, now);
}

void Policy::send_singles(Way way, Now now) {
  Lane& from = lane(way);
  while (!from.ready.empty() && !full()) {
    Entry& entry = *from.ready.begin()->second;
    const Alarm& alarm = entry.second;
    const bool is_return = alarm.told && !alarm.news->record.active;
    Letter letter;
    letter.kind = is_return ? LetterKind::returned : LetterKind::alarm;
    add_line(letter, take_line(entry, now));
    from.singles.push_back(now.monotonic);
    if (from.singles.size() > options_.storm_more_than + 1) from.singles.pop_front();
    send(std::move(letter), now);
  }
}

void Policy::send_digest(Way way, Now now) {
  Lane& from = lane(way);
  Letter letter;
  letter.kind = LetterKind::digest;
  letter.flood = way == Way::ordinary && flood_;
  if (letter.flood) letter.flood_raises = flood_raises_;
  add_counts(letter, std::exchange(from.extra, {}));
  while (!from.ready.empty()) add_line(letter, take_line(*from.ready.begin()->second, now));
  from.first_ready.reset();
  from.last_digest = now.monotonic;
  send(std::move(letter), now);
}

/// Takes the news of an alarm into a letter that is sent now.
LetterLine Policy::take_line(Entry& entry, Now now) {
  Alarm& alarm = entry.second;
  unready(alarm);
  News news = std::move(*alarm.news);
  alarm.news.reset();
  alarm.told = news.record.active;
  alarm.told_level = news.record.level;
  alarm.mailed_at = now.monotonic;
  alarm.any_at = now.monotonic;
  set_due(entry, now.monotonic + options_.rate_limit);
  return {std::move(news.record), news.wishes, news.suppressed};
}

// ---- Floods and escalations -------------------------------------------------------------------

void Policy::send_flood_over(Now now) {
  if (!flood_over_ || full()) return;
  Letter letter = std::move(*flood_over_);
  flood_over_.reset();
  letter.kind = LetterKind::flood_over;
  letter.flood = true;
  send(std::move(letter), now);
}

void Policy::send_escalation(Now now) {
  if (full() || escalations_.empty() || escalations_.begin()->first.first > now.monotonic) return;
  if (last_escalation_ && now.monotonic < *last_escalation_ + shortest_pause) return;
  Letter letter;
  letter.kind = LetterKind::escalation;
  while (!escalations_.empty() && escalations_.begin()->first.first <= now.monotonic) {
    escalate_in(letter, *escalations_.begin()->second, now);
  }
  if (letter.alarms == 0) return;
  last_escalation_ = now.monotonic;
  send(std::move(letter), now);
}

void Policy::escalate_in(Letter& letter, Entry& entry, Now now) {
  Alarm& alarm = entry.second;
  if (alarm.any_at && *alarm.any_at + shortest_pause > now.monotonic) {
    return set_escalation(entry, *alarm.any_at + shortest_pause);
  }
  set_escalation(entry, std::nullopt);
  if (!alarm.alone) return;  // Of a saved state that nobody has reconciled.
  letter.waited = std::max(letter.waited, now.monotonic - *alarm.alone_since);
  LetterLine line{*alarm.alone, 0, 0};
  if (alarm.news) {
    // What waited to be told about it is told here.
    LetterLine news = take_line(entry, now);
    line.wishes = news.wishes;
    line.suppressed = news.suppressed;
  }
  alarm.told = true;
  alarm.told_level = std::max(alarm.told_level, alarm.alone->level);
  alarm.any_at = now.monotonic;
  add_line(letter, std::move(line));
}

// ---- Letters ----------------------------------------------------------------------------------

void Policy::send(Letter letter, Now now) {
  ++revision_;
  const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_unix_ms(now.wall)));
  letter.id = std::max(next_id_, wall);
  next_id_ = letter.id + 1;
  letter.at = now.wall;
  letter.settled = std::exchange(settled_, 0);
  letter.state_lost = std::exchange(state_lost_, false);
  account_.told += letter.wishes;
  letters_.push_back(std::move(letter));
}

bool Policy::full() const {
  return letters_.size() >= most_letters;
}

}  // namespace wl::alarm::notify
