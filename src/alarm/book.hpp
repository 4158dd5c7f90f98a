// The alarms themselves: their states, rows, announcements and end times. Not why they are raised.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alarm/now.hpp"
#include "alarm/record.hpp"
#include "alarm/watch.hpp"
#include "base/result.hpp"

namespace wl::alarm {

struct BookOptions {
  Milliseconds dedup_window = std::chrono::minutes(5);  ///< ALARM_DEDUP_WINDOW; 0 = none.
  Milliseconds longest_shelving = std::chrono::hours(24);
  std::uint64_t first_id = 1;  ///< One more than the greatest `alarms.id`.
};

/// What an alarm is, whatever its state.
struct Identity {
  std::string key;
  std::string device;
  std::string parameter;
  std::string alarm_type;
  MessageKey message = MessageKey::high;
};

/// What was found at a raise or escalation.
struct Finding {
  Level level = Level::warning;
  double threshold = 0;
  double actual = 0;
};

/// Who orders something, and why. `by` must not be empty; `note` has at most 500 bytes.
struct Order {
  std::string by;
  std::string note;
};

/// Every alarm that has ever been raised or hidden since its rule exists, by key.
///
/// One row is one occurrence. An alarm that is raised again within the dedupe window before anybody
/// acknowledged it goes on in its row (counted); after the window it gets a new row, and the old
/// one ends as superseded. One that was normal gets a new row. A hidden alarm keeps its row.
///
/// Pure: no clock, no I/O; one thread. Output must be taken after each call: it holds at most a few
/// entries for each alarm that the call touched.
class Book {
 public:
  explicit Book(BookOptions options);
  Book(const Book&) = delete;  // rows_ and timers_ point into alarms_.
  Book& operator=(const Book&) = delete;

  /// Rows from before a restart: the newest of each alarm that is not normal or was announced
  /// within the window (more do no harm). Nothing is announced again. A shelving whose end has
  /// passed ends at the next on_time().
  void restore(std::vector<AlarmRecord> saved, Now now);

  void raise(const Identity& identity, const Finding& finding, Now now);
  void escalate(std::string_view key, const Finding& finding, Now now);
  void clear(std::string_view key, Now now);

  void take_out_of_service(const Identity& identity, Now now);
  void return_to_service(std::string_view key, Now now);
  /// By logic: other alarms make this one senseless. `hide` false ends it.
  enum class Hide : bool { no, yes };
  void suppress(const Identity& identity, Hide hide, Now now);
  /// Its rule is gone: the row ends, the alarm is forgotten.
  void retire(std::string_view key, Now now);

  /// `not_found`: never was such a row. `conflict`: nothing to acknowledge; the text says why.
  Result<AlarmRecord> acknowledge(std::uint64_t id, const Order& order, Now now);
  /// For a time, 1 min … longest_shelving from now; again to change the end.
  Result<AlarmRecord> shelve(std::uint64_t id, Milliseconds time, const Order& order, Now now);
  Result<AlarmRecord> unshelve(std::uint64_t id, const Order& order, Now now);

  /// Ends shelvings, makes late announcements, ends chattering and floods.
  void on_time(Now now);
  /// Monotonic time at which on_time() has something to do.
  std::optional<Milliseconds> next_due() const;

  Output take_output() { return std::exchange(output_, {}); }
  const Facts& facts() const { return facts_; }
  /// Null when the alarm was never raised or hidden.
  const AlarmRecord* find(std::string_view key) const;
  /// Everything that is not normal, by key: what a page shows first, and restore() takes.
  std::vector<AlarmRecord> not_normal() const;
  std::vector<std::string> keys() const;

 private:
  struct Alarm {
    AlarmRecord record;
    Annunciator annunciator;
    ChatterWatch chatter;
    bool suppress_wanted = false;
    std::optional<Milliseconds> shelved_until;  ///< Monotonic.
    std::optional<Milliseconds> timer;          ///< Its entry in timers_.
  };
  /// Nodes of a map do not move: rows_ and timers_ point into it.
  using Alarms = std::map<std::string, Alarm, std::less<>>;

  Alarm& obtain(const Identity& identity);
  Alarm* lookup(std::string_view key);
  Result<Alarm*> row(std::uint64_t id, const Order& order);
  void restore_one(AlarmRecord saved, Now now);
  void begin_row(Alarm& alarm, Now now);
  bool goes_on_in_its_row(const Alarm& alarm, Now now) const;
  /// Takes the step of the table; false when it is ignored or refused.
  bool move(Alarm& alarm, Event event, Now now, const std::string& by = {});
  void settle(Alarm& alarm, Now now);
  void back_in_view(Alarm& alarm, Event event, Now now, const std::string& by = {});
  std::optional<Wish> annunciate(Alarm& alarm, Wish::Reason reason, Now now);
  Wish wish(const Alarm& alarm, Wish::Reason reason, Now now) const;
  void tell(std::optional<Wish> wish, const Alarm& alarm);
  void note_raise(Alarm& alarm, Now now);
  void count_in_flood(Now now);
  void on_timer(Alarm& alarm, Now now);
  void end_flood(Now now);
  void schedule(Alarm& alarm);
  void count(State state, int by);

  const BookOptions options_;
  Alarms alarms_;
  std::unordered_map<std::uint64_t, Alarm*> rows_;  ///< The newest row of each alarm.
  std::set<std::pair<Milliseconds, std::string_view>> timers_;
  FloodWatch flood_;
  Facts facts_;
  Output output_;
  std::uint64_t next_id_;
  std::uint64_t next_seq_ = 1;
};

}  // namespace wl::alarm
