// Where alarms are made in the collector: values, facts, rules and orders in; rows and news out.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "alarm/core.hpp"
#include "alarm/notify/policy.hpp"
#include "collector/desk/alarm_memory.hpp"
#include "collector/desk/conditions.hpp"
#include "collector/desk/facts.hpp"
#include "collector/desk/plc_watch.hpp"
#include "collector/now.hpp"
#include "collector/tick.hpp"
#include "model/live_message.hpp"
#include "model/live_order.hpp"

namespace wl::collector {

struct AlarmDeskOptions {
  alarm::CoreOptions core;  ///< `book.first_id` is not used: see AlarmMemory.
  ConditionOptions conditions;
  alarm::notify::PolicyOptions policy;
  Milliseconds check_interval{1000};  ///< ALARM_CHECK_INTERVAL
  /// Without a memory, and with a database that does not answer for so long, the desk begins with
  /// nothing known and numbers from the clock.
  Milliseconds begin_patience{10'000};
  Milliseconds rules_interval{60'000};  ///< The rules are read anew at the latest.
};

/// What the database says of alarms; read by its writer.
struct AlarmsInDatabase {
  std::vector<ThresholdRow> rules;
  std::vector<AlarmRow> open;     ///< Not normal, or announced lately.
  std::uint64_t greatest_id = 0;  ///< Of all rows of `alarms`.
};

/// What is to be done now.
struct AlarmNews {
  struct Answer {
    std::uint64_t reader = 0;
    LiveAnswer answer;
  };

  std::vector<AlarmRow> rows;            ///< Each alarm once, as it is now.
  std::vector<AlarmJournalRow> journal;  ///< Every change, in order.
  std::optional<LiveMessage> live;       ///< To all readers.
  std::vector<Answer> answers;           ///< Each to its reader, after the rows are handed on.
  /// Replaces the saved memory, before the record with `rows` is durable; on_remembered() follows.
  /// Nothing: as it was.
  std::optional<std::string> memory;
  std::uint64_t memory_number = 0;  ///< 1, 2, 3 …
  /// To post, oldest first; on_posted() follows. The memory that is on disk knows them already, so
  /// that a crash neither loses nor doubles one: the same id may come again after a restart.
  std::vector<alarm::notify::Letter> letters;
  bool read_database = false;        ///< Read rules (and alarms, at first); on_database() follows.
  std::vector<std::string> notices;  ///< For the log: refused rules, what could not be restored.

  bool empty() const { return rows.empty() && journal.empty() && !memory; }
};

struct AlarmDeskFigures {
  alarm::Facts facts;
  std::size_t rules_in_force = 0;
  std::vector<std::string> rules_refused;  ///< A line each: which row, what is wrong.
  std::string rules_error;                 ///< Of the last reading; empty when it succeeded.
  bool begun = false;                      ///< False: neither a memory nor a database yet.
};

/// The deterministic alarm desk: the same calls give the same news. No clock, file, socket or
/// thread inside. One thread owns it, the core's. `plant` must outlive it.
///
/// Rules stay in force while the database is away. Behind a controller that is down its points'
/// alarms are suppressed; so is link_lost while the gateway does not run.
class AlarmDesk : public TickConsumer {
 public:
  /// `memory`: of the run before; nothing on the first start, or when it was lost.
  AlarmDesk(const Plant& plant, AlarmDeskOptions options, std::optional<AlarmMemory> memory,
            Now start);

  void on_tick(const Tick& tick) override;
  void on_forward(const ForwardFacts& facts);
  void on_host(HostFacts facts) { conditions_.on_host(std::move(facts)); }
  void on_oee(std::optional<OeeFacts> facts) { conditions_.on_oee(std::move(facts)); }
  void on_mail(MailFacts facts) { conditions_.on_mail(facts); }

  /// Refused rows are named and do not cost the others; unchanged rules keep their counts. What the
  /// database takes for open and the memory knows to be over is written once more, as soon as the
  /// database has all that earlier processes told: until then it may only not know yet.
  void on_database(AlarmsInDatabase alarms, Now now);
  void on_database_away(const std::string& reason, Now now);

  /// The memory with this number, and those before, are on disk.
  void on_remembered(std::uint64_t number);
  /// The disk refused one: the next news bring it again.
  void on_not_remembered() { remember_ = true; }
  /// The letters up to this id are in the outbox, or nobody wants any.
  void on_posted(std::uint64_t letter) { policy_.posted(letter); }

  /// Answered in the next news, rules_changed when the rules were read.
  void on_order(std::uint64_t reader, const LiveOrder& order, Now now);
  void on_time(Now now);
  std::optional<Milliseconds> next_due() const;

  AlarmNews take(Now now);
  AlarmDeskFigures figures() const;
  /// Null before the desk has begun.
  const alarm::Core* core() const { return core_.get(); }
  const alarm::notify::Policy& policy() const { return policy_; }

 private:
  struct WaitingOrder {
    std::uint64_t reader;
    std::uint64_t ref;
  };

  void begin(std::uint64_t first_id, std::vector<alarm::AlarmRecord> saved, Now now);
  void restore_logic(alarm::AlarmRecord& record);
  void begin_from_database(const AlarmsInDatabase& alarms, Now now);
  void take_rules(std::vector<ThresholdRow> rows, Now now);
  void close_ghosts(const std::vector<AlarmRow>& open, Now now);
  void show_again();
  void tell_conditions(const Tick& tick, alarm::Now now);
  void hide_behind_causes(alarm::Now now);
  LiveAnswer do_order(const LiveOrder& order, alarm::Now now);
  Result<alarm::AlarmRecord> do_one(const LiveOrder& order, std::uint64_t id, alarm::Now now);
  void answer_waiting(const std::optional<Error>& error);
  void collect(Now now);
  AlarmMemory memory(Now now) const;
  AlarmRow row_of(const alarm::AlarmRecord& record) const;
  LiveAlarmCounts counts() const;

  const Plant& plant_;
  const AlarmDeskOptions options_;
  std::unique_ptr<alarm::Core> core_;
  alarm::notify::Policy policy_;
  PlcWatch plcs_;
  Conditions conditions_;
  std::vector<ThresholdRow> rule_rows_;
  std::vector<alarm::CheckedRule> rules_;
  std::vector<std::string> refused_;
  std::string rules_error_;
  std::vector<bool> hidden_;  ///< By controller: its points' alarms are suppressed.
  bool link_hidden_ = false;
  bool memory_known_ = false;    ///< What was saved before a restart is in the core.
  bool earlier_stored_ = true;   ///< See ForwardFacts.
  bool reads_all_ = true;        ///< So it was when the reading began that is under way.
  bool alarms_known_ = false;    ///< The alarms of the database were looked at since the start.
  const std::unordered_map<std::string_view, PointId> points_;  ///< By key.
  const Milliseconds started_;
  Milliseconds next_check_;
  Milliseconds next_reading_;
  std::uint64_t next_id_ = 1;
  std::uint64_t journal_base_ = 0;  ///< Changes of a Core that was replaced.
  std::uint64_t last_seq_ = 0;
  std::vector<WaitingOrder> waiting_;           ///< rules_changed, until the rules are read.
  std::map<std::uint64_t, LiveAlarm> changed_;  ///< Since the last take(), by id.
  bool remember_ = false;                       ///< The memory has changed.
  std::uint64_t policy_revision_ = 0;           ///< Of the last memory.
  std::uint64_t memory_number_ = 0;
  std::map<std::uint64_t, std::uint64_t> last_letter_;  ///< By number of a memory not yet on disk.
  std::uint64_t letters_safe_ = 0;    ///< Up to here they are in a memory on disk.
  std::uint64_t letters_handed_ = 0;  ///< Up to here they were given out.
  AlarmNews news_;
};

}  // namespace wl::collector
