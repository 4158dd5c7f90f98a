// The thread that owns the core: events in from all sides, actions out to them.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "apps/collector/alarm_service.hpp"
#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "collector/core.hpp"

namespace wl {

struct AliveEvent {
  Timestamp at{};
};
/// Deliveries that came here were refused: too many events wait.
struct InputLostEvent {};
struct LinkEvent {
  bool up = false;
  std::string reason;
  Timestamp at{};
};
/// Every record up to `seq` is on disk.
struct DurableEvent {
  std::uint64_t seq = 0;
};
struct StopEvent {};
using CoreEvent = std::variant<collector::Delivery, collector::HistoryDelivery, AliveEvent,
                               InputLostEvent, LinkEvent, DurableEvent, AlarmEvent, StopEvent>;

/// Where actions go. All are called on the core's thread and must not wait.
struct CoreOutputs {
  std::function<void(LiveMessage)> live;
  std::function<void(collector::Record)> keep;  ///< Make it durable; DurableEvent follows.
  std::function<void(std::uint64_t token)> acknowledge;
  std::function<void(std::string text)> remember_days{};  ///< See collector::Actions::days.
};

/// What the operator may know, renewed at least every second.
struct CoreFigures {
  collector::CoreStats stats;
  LiveLink link;
  int points_good = 0;
  int points_uncertain = 0;
  int points_bad = 0;
  /// What was cleaned, with the worst points; at most a second old.
  std::vector<std::pair<std::string, std::string>> cleaning{};
};

/// Any thread may post. Beyond 20,000 waiting events deliveries and proofs of life are refused; the
/// core then records a gap, from what it had before them to what comes after. So it does when an
/// event cannot be handled (no memory, as a rule).
class CoreLoop {
 public:
  /// `alarms` may be null, and must outlive the loop; it belongs to the loop's thread.
  CoreLoop(const Plant& plant, const collector::CoreOptions& options, CoreOutputs outputs,
           AlarmService* alarms = nullptr);
  ~CoreLoop();

  /// Only when everybody whom an output reaches can answer: post() may come at once.
  void start();

  void post(CoreEvent event);

  /// Cuts the last record and waits until it is on disk, at most `patience`. Post nothing but
  /// DurableEvent after. Returns false when samples are not on disk yet.
  bool finish(Milliseconds patience);

  CoreFigures figures() const { return *figures_.get(); }
  /// Moves at least every second while the thread lives. Any thread.
  std::uint64_t turns() const { return turns_; }

 private:
  void run();
  void turn(Milliseconds wait);
  void handle(const CoreEvent& event);
  void perform(collector::Actions actions);
  Milliseconds next_due() const;
  void publish();

  static constexpr std::size_t refuse_beyond = 20'000;

  CoreOutputs outputs_;
  AlarmService* const alarms_;
  collector::PointHealth health_;
  collector::Core core_;
  // Twice the limit: link events, results and the stop always find room.
  BoundedQueue<CoreEvent> events_{2 * refuse_beyond, WhenFull::refuse};
  /// The last delivery was lost; an InputLostEvent says where.
  std::atomic<bool> refusing_ = false;
  std::atomic<bool> lost_ = false;  ///< An event could not be kept, or not be handled.
  std::atomic<bool> all_durable_ = false;
  std::atomic<std::int64_t> patience_ms_ = 0;
  std::atomic<std::uint64_t> turns_ = 0;
  std::deque<CoreEvent> taken_;
  Milliseconds give_up_ = Milliseconds::max();  ///< Monotonic: the end of a stop's patience.
  bool failing_ = false;
  bool stopping_ = false;
  std::vector<std::pair<std::string, std::string>> cleaning_;
  Milliseconds next_cleaning_{};  ///< Monotonic: when they are looked at again.
  SnapshotCell<CoreFigures> figures_;
  std::thread thread_;
};

}  // namespace wl
