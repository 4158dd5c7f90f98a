// The collector's decisions: events and the time in, actions out.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/derive/day_counters.hpp"
#include "collector/held_values.hpp"
#include "collector/link_history.hpp"
#include "collector/now.hpp"
#include "collector/record.hpp"
#include "collector/tick.hpp"

namespace wl::collector {

struct CoreOptions {
  Milliseconds tick_interval{1000};  ///< DATA_COLLECTION_INTERVAL
  /// Changes become one record this often: with what a sync takes, at most 250 ms until they are
  /// on disk and acknowledged.
  Milliseconds record_interval{200};
  /// The same while nothing but the proof of life is to be recorded.
  Milliseconds proof_interval{1000};
  /// A record that reaches this is cut at once.
  std::size_t record_samples = 50'000;
  /// Notifications that wait to become durable. The server keeps each until it is acknowledged;
  /// beyond this the oldest is never acknowledged (the server drops it when its queue is full).
  std::size_t pending_notifications = 100'000;
  bool live = true;                        ///< False: nobody watches, make no live messages.
  std::uint64_t first_seq = 1;             ///< first_seq_of_run().
  std::optional<Timestamp> covered_until;  ///< Where the record before this process ends, if known.
  DayCounters* days = nullptr;  ///< Derived points; must outlive the core, which alone uses it.
  Milliseconds days_interval = std::chrono::minutes{1};  ///< How often they are remembered.
};

struct PointChange {
  PointId point;
  DataValue value;
  bool overflow = false;  ///< Values of this point before this one were lost at the server.
};

/// One notification of the subscription.
struct Delivery {
  std::uint64_t token = 0;  ///< Acknowledged when everything in it is stored.
  Timestamp received_at{};
  std::vector<PointChange> changes;
  bool is_current = true;  ///< Nothing older is on its way: proof of life until `received_at`.
};

/// What the server says of the last gap afterwards. Samples that came already do no harm.
struct HistoryDelivery {
  std::vector<PointChange> changes;  ///< With their own source times, in any order.
  /// From here to the end of the gap nothing is missing; nothing while more parts follow, and when
  /// it is not whole.
  std::optional<Timestamp> whole_from;
};

/// What is to be done now, in any order.
struct Actions {
  std::vector<LiveMessage> live;           ///< Send at once.
  std::vector<Record> records;             ///< Make durable in this order; on_durable() follows.
  std::vector<std::uint64_t> acknowledge;  ///< Tokens that the server may forget.
  std::optional<std::string> days;         ///< Keep this in place of DayCounters::save() before.
};

struct CoreStats {
  std::uint64_t samples_accepted = 0;
  std::uint64_t samples_from_history = 0;  ///< Of those: read from the server's history.
  std::uint64_t overflows = 0;             ///< Times the server or our queue lost values.
  std::uint64_t never_acknowledged = 0;    ///< See CoreOptions::pending_notifications.
  std::size_t notifications_waiting = 0;   ///< For their records to become durable.
};

/// The deterministic core: the same events give the same actions. No clock, file, socket, thread or
/// random number inside (a test reads the symbols). One thread owns it. `plant` and the consumers
/// must outlive it.
///
/// Promise: each moment and sample since the start ends up in a record, in order; a token is
/// acknowledged only when the record that holds its samples is durable.
class Core {
 public:
  Core(const Plant& plant, CoreOptions options, Now start, std::vector<TickConsumer*> consumers);

  void on_delivery(const Delivery& delivery);
  /// The subscription was proven alive at `at`.
  void on_alive(Timestamp at);
  void on_link_up(Timestamp at);
  void on_history(const HistoryDelivery& delivery);
  void on_link_down(const std::string& reason, Timestamp at);
  /// Deliveries were lost between the link and the core (its queue was full).
  void on_input_lost();

  /// What the alarms changed: part of the next record.
  void on_alarms(std::vector<AlarmRow> rows, std::vector<AlarmJournalRow> journal);
  /// Every record up to `seq` is on disk.
  void on_durable(std::uint64_t seq);

  /// Does what is due. Call it after the events of each round and at next_due().
  void on_time(Now now);
  /// The last record, whatever its age. Only on_durable may follow.
  void on_stop(Now now);

  Actions take_actions();
  /// Monotonic time of the next thing to do.
  Milliseconds next_due() const;
  /// True when every record that was given out is durable.
  bool idle() const { return durable_seq_ + 1 >= next_seq_; }

  CoreStats stats() const;
  const LiveLink& link() const { return link_; }
  const CleaningCounts& cleaning() const { return held_.counts(); }
  /// The same for the operator: see details() of clean/counts.hpp. Not for every turn.
  std::vector<std::pair<std::string, std::string>> cleaning_figures() const {
    return details(plant_, held_.counts());
  }

 private:
  LiveValue shown(PointId point) const;
  LiveMessage message(LiveMessage::Type type, Timestamp at) const;
  void show_all(Timestamp at);
  void proven(Timestamp at);
  void report_link(bool up, const std::string& reason, Timestamp at);
  void lost(Timestamp from, Timestamp to, const std::string& what);
  void hold_token(std::uint64_t token);
  void keep(const Sample& sample, Timestamp received_at, LiveMessage& news);
  void derive(const std::vector<DerivedValue>& values, Timestamp received_at, LiveMessage& news);
  void tick(Now now);
  void remember_days();
  bool has_changes() const { return !open_samples_.empty() || !open_alarms_.empty(); }
  void cut_record(Now now);

  const Plant& plant_;
  const CoreOptions options_;
  const std::vector<TickConsumer*> consumers_;
  HeldValues held_;
  LinkHistory history_;
  LiveLink link_;

  struct PendingToken {
    std::uint64_t token;
    std::uint64_t seq;  ///< Of the record that holds its samples.
  };
  std::deque<PendingToken> tokens_;
  std::vector<Sample> open_samples_;
  std::vector<AlarmRow> open_alarms_;
  std::vector<AlarmJournalRow> open_journal_;
  std::uint64_t next_seq_;
  std::uint64_t durable_seq_;
  Milliseconds next_tick_;
  Milliseconds next_record_;
  Milliseconds next_proof_;
  Milliseconds next_days_;
  std::uint64_t days_remembered_ = 0;  ///< DayCounters::revision().
  Actions actions_;
  CoreStats stats_;
};

}  // namespace wl::collector
