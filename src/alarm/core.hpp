// From values, conditions and orders to alarms: what the collector owns of this room.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "alarm/book.hpp"
#include "alarm/detector.hpp"

namespace wl::alarm {

struct CoreOptions {
  DetectorCounts counts;  ///< ALARM_CONSECUTIVE_COUNT
  BookOptions book;
};

/// Every point as it stands at one tick (ALARM_CHECK_INTERVAL), whether it changed or not.
struct Observation {
  std::span<const LiveValue> values;  ///< By PointId. A point beyond its end is not looked at.
  /// False: the values are old. No rule looks at them, so one dead link is one alarm (link_lost),
  /// not a stale and a bad quality alarm of every point; delays and ages stand still.
  bool link_alive = true;
};

/// A system alarm, said again as often as one likes: only a change counts.
struct Condition {
  MessageKey name = MessageKey::link_lost;  ///< plc_down … spool_damaged.
  std::string subject;  ///< Which one, when there are several: a certificate, a disk; may be empty.
  bool active = false;
  Level level = Level::critical;
  double threshold = 0;
  double actual = 0;
};

/// `system:link_lost:` and the subject.
std::string key_of(const Condition& condition);

/// The deterministic alarm core: the same calls give the same output. No clock, file, socket,
/// thread or random number inside (a test reads the symbols). One thread owns it.
///
/// A tick costs one comparison a rule and allocates nothing while no alarm changes.
///
/// Promise: every transition of every alarm is in exactly one Change, in order.
class Core {
 public:
  /// `saved`: see Book::restore(). A saved alarm whose rule is gone ends at once.
  Core(CoreOptions options, std::span<const CheckedRule> rules, std::vector<AlarmRecord> saved,
       Now start);

  /// An unchanged rule keeps its counts and delays. A changed one keeps its alarm, which stays as
  /// it is until values say otherwise under the new rule. A disabled one is out of service; one
  /// that is gone ends its alarm.
  void replace_rules(std::span<const CheckedRule> rules, Now now);

  void on_values(const Observation& observation, Now now);
  void on_condition(const Condition& condition, Now now);
  /// Logic: `hide` the alarm of a rule or a condition, or show it again.
  void suppress(const Rule& rule, Book::Hide hide, Now now);
  void suppress(const Condition& condition, Book::Hide hide, Now now);
  /// Does what is due; call it at next_due(), or with each tick.
  void on_time(Now now) { book_.on_time(now); }
  std::optional<Milliseconds> next_due() const { return book_.next_due(); }

  /// Orders of persons; see Book.
  Result<AlarmRecord> acknowledge(std::uint64_t id, const Order& order, Now now);
  Result<AlarmRecord> shelve(std::uint64_t id, Milliseconds time, const Order& order, Now now);
  Result<AlarmRecord> unshelve(std::uint64_t id, const Order& order, Now now);

  /// Take it after each call, and do not call again before it is safe in memory that will be
  /// stored.
  Output take_output() { return book_.take_output(); }
  const Facts& facts() const { return book_.facts(); }
  const Book& book() const { return book_; }
  std::size_t rules_watched() const { return detectors_.size(); }

 private:
  struct Watched {
    Rule rule;
    Identity identity;
  };
  void watch(const CheckedRule& rule, Now now);
  void retire_unknown(const std::vector<std::string>& known, Now now);
  void on_verdict(std::size_t index, Detector::Verdict verdict, Now now);

  const CoreOptions options_;
  Book book_;
  /// In the order of points, so that a tick walks through the values once. What a verdict needs
  /// beyond the detector lies apart: the quiet path stays in the cache.
  std::vector<Detector> detectors_;
  std::vector<Watched> watched_;  ///< Same index.
  Milliseconds last_tick_;
  Milliseconds link_dead_{};  ///< Sum of the time behind a dead link.
  bool was_dead_ = false;
};

}  // namespace wl::alarm
