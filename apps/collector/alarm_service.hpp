// The alarm desk among the collector's threads: what goes in, and where its news go.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "collector/core.hpp"
#include "collector/desk/alarm_desk.hpp"

namespace wl {

/// A line of a reader of the live socket.
struct AlarmOrder {
  std::uint64_t reader = 0;
  LiveOrder order;
};
/// Rules and open alarms as the database has them, or why they cannot be read.
struct AlarmsRead {
  Result<collector::AlarmsInDatabase> alarms;
};
/// The memory with this number was written.
struct AlarmsRemembered {
  std::uint64_t number = 0;
  bool on_disk = false;  ///< False: the disk refused.
};
/// The letters up to this id are in the outbox.
struct LettersPosted {
  std::uint64_t last_id = 0;
};
/// The OEE of the shift that is going on, if it can be told.
struct OeeSeen {
  std::optional<collector::OeeFacts> oee;
};
using AlarmEvent = std::variant<AlarmOrder, AlarmsRead, AlarmsRemembered, LettersPosted, OeeSeen>;

/// Called on the core's thread; none may wait.
struct AlarmOutputs {
  std::function<void(LiveMessage)> live;
  std::function<void(std::uint64_t reader, LiveAnswer)> answer;
  /// Put it on disk before any record that is kept later; AlarmsRemembered follows.
  std::function<void(std::string memory, std::uint64_t number)> remember;
  /// Post them, oldest first; LettersPosted follows. Empty: nobody wants any, they are dropped.
  std::function<void(std::vector<alarm::notify::Letter>)> letters;
  std::function<void()> read_database;  ///< AlarmsRead follows.
  std::function<collector::ForwardFacts()> forward;
  std::function<collector::HostFacts()> host;
  std::function<collector::MailFacts()> mail;
};

/// Belongs to the core's thread, but post() and figures(). `plant` must outlive it.
///
/// Order of what it hands on: the memory, then the rows for the next record, then the live message.
/// An order that changed something is answered when the memory is on disk: what a person was told
/// is done outlives a kill. When the disk refuses it is answered all the same.
class AlarmService {
 public:
  AlarmService(const Plant& plant, collector::AlarmDeskOptions options,
               std::optional<collector::AlarmMemory> memory, collector::Now start,
               AlarmOutputs outputs);

  /// Among the consumers of the core.
  collector::TickConsumer& consumer() { return desk_; }
  void handle(AlarmEvent event, collector::Now now);
  /// From any thread, also before the core's thread runs; handled with the next turn, within 50 ms
  /// while a reading of the database is under way. 100 wait at most, then the oldest is lost.
  void post(AlarmEvent event) { posted_.push(std::move(event)); }
  /// After the core's on_time(): does what is due and hands the news on.
  void turn(collector::Core& core, collector::Now now);
  Milliseconds next_due() const;

  /// Any thread.
  collector::AlarmDeskFigures figures() const { return *figures_.get(); }

 private:
  void tell_facts(collector::Now now);
  void hand_on(collector::AlarmNews news);
  void on_remembered(const AlarmsRemembered& memory);

  collector::AlarmDesk desk_;
  const AlarmOutputs outputs_;
  BoundedQueue<AlarmEvent> posted_{100, WhenFull::drop_oldest};
  struct HeldAnswer {
    std::uint64_t memory;  ///< That must be written first.
    collector::AlarmNews::Answer answer;
  };
  std::deque<HeldAnswer> held_;
  Milliseconds next_facts_{};
  Milliseconds next_look_{};  ///< For what was posted, while `reading_`.
  bool reading_ = false;
  bool memory_refused_ = false;  ///< By the disk; it is written again with the next facts.
  SnapshotCell<collector::AlarmDeskFigures> figures_;
};

}  // namespace wl
