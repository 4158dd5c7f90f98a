// Who is told what, and when: from wishes of the alarm core to letters.
//
//   core thread: policy.on_output(core.take_output(), core.facts(), now); policy.on_time(now)
//   then:        save() durably → hand out letters() → posted(id of the last one)
//
// Rules, for one alarm (its key):
//   - between two letters about it lie EMAIL_RATE_LIMIT, and never less than a minute;
//     what comes in between is collapsed, counted, and told in one letter when that time is over. A
//     raise to a higher level than was told waits for the minute only;
//   - a return to normal is told when the raise was;
//   - a critical or emergency alarm that stands unacknowledged for `escalate_after` is escalated,
//     once for each time it is raised.
// For all together: more than `storm_more_than` wishes or letters in a minute, or a flood, make
// digests instead of single letters. Urgent news (raised critical or emergency) and the rest go
// separate ways: each has its own storm and its own digest, so that none waits for a digest of
// warnings. Digests of one way, and escalations, are at least a minute apart; those of not urgent
// news in a lasting storm EMAIL_RATE_LIMIT.
#pragma once

#include <boost/json/fwd.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alarm/notify/letter.hpp"
#include "alarm/now.hpp"
#include "base/result.hpp"

namespace wl::alarm::notify {

struct PolicyOptions {
  Milliseconds rate_limit = std::chrono::minutes(15);      ///< EMAIL_RATE_LIMIT; 1 min at least.
  Milliseconds escalate_after = std::chrono::minutes(15);  ///< 0: never.
  std::size_t storm_more_than = 10;
};

/// Wishes that came, and where they are. given = told + settled + waiting, always.
struct Account {
  std::uint64_t given = 0;    ///< Since the first start of the installation.
  std::uint64_t told = 0;     ///< In letters.
  std::uint64_t settled = 0;  ///< See Letter::settled; those not yet reported too.
  std::uint64_t waiting = 0;

  bool operator==(const Account&) const = default;
};

/// The deterministic policy of notification: the same calls give the same letters. No clock, file,
/// socket or thread inside. One thread owns it.
///
/// Memory is bounded: 20,000 alarms are known by name. A wish for one beyond that is counted in the
/// next digest; its return is not told and it is not escalated. At most 100 letters wait
/// for posted(); above it none is made, and what would be in them waits where it is, collapsed.
class Policy {
 public:
  Policy(PolicyOptions options, Now start);
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  /// What save() gave before a restart, in place of everything known so far. Refused: text that it
  /// did not write, with the reason; the policy then is empty and its next letter says so.
  Result<void> restore(std::string_view saved, Now now);
  /// Call it at the start, after restore(), with Book::not_normal(). Goes on with the escalations
  /// that were running, begins those that are missing, ends those that have no reason any more.
  void reconcile(std::span<const AlarmRecord> not_normal, Now now);

  /// What Core::take_output() gave, in order.
  void on_output(const Output& output, const Facts& facts, Now now);
  /// Does what is due. Call it after on_output() and at next_due(), or with each tick.
  void on_time(Now now);
  std::optional<Milliseconds> next_due() const;

  /// Letters that are not yet posted, oldest first; after a restart those of before, too. Save the
  /// state before they are handed out: then a crash in between neither loses nor doubles one.
  const std::deque<Letter>& letters() const { return letters_; }
  /// The letters up to this id are in the outbox.
  void posted(std::uint64_t id);

  /// One line of text, some 500 bytes an alarm with news; restore() takes it.
  std::string save(Now now) const;
  /// Another number when what save() gives has changed.
  std::uint64_t revision() const { return revision_; }

  Account account() const;

 private:
  /// Raised critical or emergency alarms, and everything else.
  enum class Way : std::uint8_t { ordinary, urgent };
  /// What came since the last letter about an alarm.
  struct News {
    AlarmRecord record;  ///< The newest.
    std::uint64_t wishes = 0;
    std::uint64_t suppressed = 0;
    bool raised = false;  ///< At least one of them was not a return to normal.
  };
  struct Alarm {
    std::optional<Milliseconds> mailed_at;  ///< The last letter that EMAIL_RATE_LIMIT counts from.
    std::optional<Milliseconds> any_at;     ///< The last letter, an escalation too.
    Level told_level = Level::warning;
    bool told = false;     ///< The last letter said that it is active.
    bool in_hand = false;  ///< Acknowledged or hidden: news of its raise can wait.
    std::optional<News> news;
    std::optional<Milliseconds> due;  ///< Its entry in due_.
    Way way = Way::ordinary;
    std::uint64_t order = 0;           ///< Its entry in the way's `ready`; 0: it is not there.
    std::optional<AlarmRecord> alone;  ///< Critical or worse, and nobody has acknowledged it.
    std::optional<Milliseconds> alone_since;
    std::optional<Milliseconds> escalate_at;  ///< Its entry in escalations_; none when done.
  };
  using Alarms = std::map<std::string, Alarm, std::less<>>;  // Nodes do not move.
  using Entry = Alarms::value_type;
  using Queue = std::map<std::pair<Milliseconds, std::string_view>, Entry*>;

  /// How news of one way become letters.
  struct Lane {
    std::deque<Milliseconds> wishes;        ///< Of the last minute; no more than make a storm.
    std::deque<Milliseconds> singles;       ///< Letters of the last minute, likewise.
    std::map<std::uint64_t, Entry*> ready;  ///< In order.
    Letter extra;                           ///< What a digest counts beside them.
    std::optional<Milliseconds> first_ready;
    std::optional<Milliseconds> last_digest;

    bool empty() const { return ready.empty() && extra.wishes == 0; }
  };

  void on_wish(const Wish& wish, Now now);
  void on_change(const Change& change, Now now);
  void on_flood(const Wish& wish, Now now);
  void on_unknown(const Wish& wish, Way way, Now now);
  void on_due(Entry& entry, Now now);
  void schedule(Entry& entry, Now now);
  void set_due(Entry& entry, std::optional<Milliseconds> due);
  void make_ready(Entry& entry, Way way, Now now);
  void unready(Alarm& alarm);
  void settle(Alarm& alarm);
  void prune(Entry& entry, Now now);

  void watch(Entry& entry, const AlarmRecord& record, Now now);
  void stop_watching(Entry& entry);
  void set_escalation(Entry& entry, std::optional<Milliseconds> due);

  Lane& lane(Way way) { return lanes_[static_cast<std::size_t>(way)]; }
  const Lane& lane(Way way) const { return lanes_[static_cast<std::size_t>(way)]; }
  void count_wish(Way way, Now now);
  bool storm(Way way) const;
  Milliseconds digest_due(Way way) const;
  void flush(Way way, Now now);
  void send_singles(Way way, Now now);
  void send_digest(Way way, Now now);
  void send_flood_over(Now now);
  void send_escalation(Now now);
  void escalate_in(Letter& letter, Entry& entry, Now now);
  LetterLine take_line(Entry& entry, Now now);
  void send(Letter letter, Now now);
  bool full() const;

  boost::json::object save_alarm(const Entry& entry, Now now) const;
  void forget_all();
  void restore_rest(const boost::json::object& all, Now now);
  void restore_alarm(const boost::json::object& from, Now now);

  const PolicyOptions options_;
  Alarms alarms_;
  Queue due_;
  Queue escalations_;
  std::array<Lane, 2> lanes_;
  std::uint64_t next_order_ = 1;
  std::optional<Milliseconds> last_escalation_;
  bool flood_ = false;
  std::optional<Timestamp> flood_since_;
  std::uint64_t flood_raises_ = 0;
  std::optional<Letter> flood_over_;  ///< Waits for room.
  std::deque<Letter> letters_;
  std::uint64_t next_id_ = 0;
  std::uint64_t settled_ = 0;  ///< Not yet said in a letter.
  bool state_lost_ = false;
  Account account_;  ///< Without `waiting`.
  std::uint64_t revision_ = 0;
};

}  // namespace wl::alarm::notify
