// The policy over a restart: save() and restore().
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "alarm/notify/policy.hpp"
#include "alarm/notify/saved.hpp"
#include "alarm/notify/times.hpp"

namespace wl::alarm::notify {
namespace {

namespace json = boost::json;

constexpr std::int64_t version = 1;

/// Monotonic times of one process as wall times, and back in another one.
class Clock {
 public:
  explicit Clock(Now now) : now_(now) {}

  void put(json::object& to, const char* key, std::optional<Milliseconds> time) const {
    if (time) to[key] = to_unix_ms(now_.wall + (*time - now_.monotonic));
  }
  /// A clock that was set back must not put the past into the future.
  std::optional<Milliseconds> past(const json::object& from, const char* key) const {
    if (!from.contains(key)) return std::nullopt;
    return now_.monotonic - std::max(Milliseconds{}, now_.wall - wall(from, key));
  }
  /// Nor the future further away than it ever was.
  std::optional<Milliseconds> future(const json::object& from, const char* key,
                                     Milliseconds furthest) const {
    if (!from.contains(key)) return std::nullopt;
    return now_.monotonic + std::clamp(wall(from, key) - now_.wall, Milliseconds{}, furthest);
  }

 private:
  static Timestamp wall(const json::object& from, const char* key) {
    return from_unix_ms(from.at(key).as_int64());
  }
  Now now_;
};

std::uint64_t number(const json::object& from, const char* key) {
  return from.at(key).to_number<std::uint64_t>();
}

}  // namespace

std::string Policy::save(Now now) const {
  const Clock clock(now);
  json::object all{{"version", version},          {"next_id", next_id_},
                   {"given", account_.given},     {"told", account_.told},
                   {"settled", account_.settled}, {"settled_unsaid", settled_},
                   {"state_lost", state_lost_}};
  if (flood_since_) all["flood_since"] = to_unix_ms(*flood_since_);
  if (flood_over_) all["flood_over"] = to_json(*flood_over_);
  clock.put(all, "last_escalation", last_escalation_);
  json::array& letters = (all["letters"] = json::array()).as_array();
  for (const Letter& letter : letters_) letters.push_back(to_json(letter));
  json::array& lanes = (all["lanes"] = json::array()).as_array();
  for (const Lane& each : lanes_) {
    json::object saved{{"extra", to_json(each.extra)}};
    clock.put(saved, "last_digest", each.last_digest);
    lanes.push_back(std::move(saved));
  }
  json::array& alarms = (all["alarms"] = json::array()).as_array();
  for (const Entry& entry : alarms_) alarms.push_back(save_alarm(entry, now));
  return json::serialize(all);
}

json::object Policy::save_alarm(const Entry& entry, Now now) const {
  const Clock clock(now);
  const Alarm& alarm = entry.second;
  json::object to{{"key", entry.first},
                  {"told", alarm.told},
                  {"told_level", word(alarm.told_level)},
                  {"in_hand", alarm.in_hand}};
  clock.put(to, "mailed_at", alarm.mailed_at);
  clock.put(to, "any_at", alarm.any_at);
  clock.put(to, "alone_since", alarm.alone_since);
  clock.put(to, "escalate_at", alarm.escalate_at);
  if (alarm.news) {
    to["news"] = {{"record", to_json(alarm.news->record)},
                  {"wishes", alarm.news->wishes},
                  {"suppressed", alarm.news->suppressed},
                  {"raised", alarm.news->raised}};
  }
  return to;
}

Result<void> Policy::restore(std::string_view saved, Now now) {
  forget_all();
  try {
    const json::value parsed = json::parse(saved);
    const json::object& all = parsed.as_object();
    const std::int64_t written = all.at("version").as_int64();
    if (written != version) throw std::out_of_range(fmt::format("version {}", written));
    restore_rest(all, now);
    const json::array& alarms = all.at("alarms").as_array();
    if (alarms.size() > most_alarms) throw std::out_of_range("too many alarms");
    for (const json::value& each : alarms) restore_alarm(each.as_object(), now);
  } catch (const std::exception& error) {
    forget_all();
    state_lost_ = true;
    return fail(Errc::corrupt, fmt::format("the saved state of notification cannot be read ({}); "
                                           "it starts empty and says so in its next letter",
                                           error.what()));
  }
  ++revision_;
  return {};
}

void Policy::forget_all() {
  due_.clear();
  escalations_.clear();
  alarms_.clear();
  letters_.clear();
  lanes_ = {};
  last_escalation_.reset();
  flood_since_.reset();
  flood_over_.reset();
  flood_ = false;
  settled_ = 0;
  state_lost_ = false;
  account_ = {};
}

void Policy::restore_rest(const json::object& all, Now now) {
  const Clock clock(now);
  next_id_ = std::max(next_id_, number(all, "next_id"));
  account_.given = number(all, "given");
  account_.told = number(all, "told");
  account_.settled = number(all, "settled");
  settled_ = number(all, "settled_unsaid");
  state_lost_ = all.at("state_lost").as_bool();
  if (all.contains("flood_since")) flood_since_ = from_unix_ms(all.at("flood_since").as_int64());
  if (all.contains("flood_over")) flood_over_ = letter_from(all.at("flood_over"));
  last_escalation_ = clock.past(all, "last_escalation");
  for (const json::value& letter : all.at("letters").as_array()) {
    letters_.push_back(letter_from(letter));
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const json::object& from = all.at("lanes").as_array().at(i).as_object();
    lanes_[i].extra = letter_from(from.at("extra"));
    lanes_[i].last_digest = clock.past(from, "last_digest");
    if (lanes_[i].extra.wishes > 0) lanes_[i].first_ready = now.monotonic;
  }
}

void Policy::restore_alarm(const json::object& from, Now now) {
  const Clock clock(now);
  const auto [at, is_new] = alarms_.try_emplace(std::string(from.at("key").as_string()));
  if (!is_new) throw std::out_of_range("an alarm twice");
  Alarm& alarm = at->second;
  const auto level = level_from_word(std::string_view(from.at("told_level").as_string()));
  if (!level) throw std::out_of_range("told_level");
  alarm.told_level = *level;
  alarm.told = from.at("told").as_bool();
  alarm.in_hand = from.at("in_hand").as_bool();
  alarm.mailed_at = clock.past(from, "mailed_at");
  alarm.any_at = clock.past(from, "any_at");
  alarm.alone_since = clock.past(from, "alone_since");
  if (alarm.alone_since) {
    set_escalation(*at, clock.future(from, "escalate_at", options_.escalate_after));
  }
  if (!from.contains("news")) return prune(*at, now);
  const json::object& news = from.at("news").as_object();
  alarm.news = {record_from(news.at("record")), number(news, "wishes"), number(news, "suppressed"),
                news.at("raised").as_bool()};
  if (!alarm.in_hand || !alarm.news->record.active) schedule(*at, now);
}

}  // namespace wl::alarm::notify
