// For tests of the policy: what an alarm core would say, in few words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "alarm/notify/policy.hpp"
#include "alarm/test_plant.hpp"

namespace wl::alarm::notify {

using Reason = Wish::Reason;

inline AlarmRecord row(std::string key, Level level, State state, std::uint64_t id = 1) {
  AlarmRecord record;
  record.id = id;
  record.key = std::move(key);
  record.timestamp = at(0);
  record.device = record.key.substr(0, record.key.find('.'));
  record.parameter = "power_kw";
  record.level = level;
  record.state = state;
  record.active = state == State::active_unacked || state == State::active_acked;
  return record;
}

/// A policy with the alarms of a test plant in front of it.
struct Desk {
  explicit Desk(PolicyOptions options = {}) : policy(options, now(0)) {}

  void wish(Reason reason, const AlarmRecord& record, Now when) {
    Wish made;
    made.reason = reason;
    made.at = when.wall;
    made.record = record;
    Output output;
    output.wishes.push_back(made);
    policy.on_output(output, facts, when);
  }
  void change(Event event, const AlarmRecord& record, Now when) {
    Output output;
    output.changes.push_back({1, event, State::normal, record.state, when.wall, "", record});
    policy.on_output(output, facts, when);
  }
  /// Wish and change together, as Book gives them.
  void raise(const std::string& key, Level level, Now when) {
    const AlarmRecord record = row(key, level, State::active_unacked);
    wish(Reason::raised, record, when);
    change(Event::raise, record, when);
  }
  void clear(const std::string& key, Level level, Now when) {
    const AlarmRecord record = row(key, level, State::cleared_unacked);
    wish(Reason::cleared, record, when);
    change(Event::clear, record, when);
  }
  void acknowledge(const std::string& key, Level level, Now when) {
    change(Event::acknowledge, row(key, level, State::active_acked), when);
  }
  void flood(Reason reason, Now when) {
    facts.flood = reason == Reason::flood_started;
    facts.flood_raises = 11;
    Wish made;
    made.reason = reason;
    made.at = when.wall;
    made.raises = 11;
    Output output;
    output.wishes.push_back(made);
    policy.on_output(output, facts, when);
  }
  /// So many alarms `a0.power`, `a1.power` … of one level.
  void storm(int alarms, Level level, Now when) {
    for (int i = 0; i < alarms; ++i) raise("a" + std::to_string(i) + ".power", level, when);
  }
  void end_storm(int alarms, Level level, Now when) {
    for (int i = 0; i < alarms; ++i) clear("a" + std::to_string(i) + ".power", level, when);
  }

  /// `alarm:x.power/1` for each new letter at that time: kind, first alarm, wishes in it.
  std::string letters(Now when) {
    policy.on_time(when);
    std::string all;
    for (const Letter& letter : policy.letters()) {
      all += all.empty() ? "" : " ";
      all += word(letter.kind);
      if (!letter.lines.empty()) all += ":" + letter.lines.front().record.key;
      all += "/" + std::to_string(letter.wishes);
      last = letter;
    }
    if (!policy.letters().empty()) policy.posted(policy.letters().back().id);
    return all;
  }

  Policy policy;
  Facts facts;
  Letter last;
};

}  // namespace wl::alarm::notify
