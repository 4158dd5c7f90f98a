// Joins the core to the gateway, the database and the live socket.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "apps/collector/alarm_memory_file.hpp"
#include "apps/collector/collector_identity.hpp"
#include "apps/collector/core_loop.hpp"
#include "apps/collector/day_file.hpp"
#include "apps/collector/host_probe.hpp"
#include "apps/collector/live_hub.hpp"
#include "apps/collector/redis_bridge.hpp"
#include "apps/collector/spool_keeper.hpp"
#include "apps/collector/tag_map.hpp"
#include "apps/notify/notifier.hpp"
#include "apps/settings/settings.hpp"
#include "base/instance_lock.hpp"
#include "base/process_status.hpp"
#include "opcua/subscriber.hpp"

namespace wl {

/// The running collector. Threads: the Subscriber's, the core's, the spool keeper's, the writer's,
/// the live hub's, the Redis bridge's, two of the Notifier; the caller's only starts, asks and
/// stops.
///
/// It collects whether the database answers or not: what is on disk in the spool reaches the
/// database when that comes.
class CollectorProcess {
 public:
  /// Throws AlreadyRunning, or StartError: database missing or unreadable, live socket, data
  /// directory or spool refused, a mistake in what notifies. `settings` and `plant` must outlive
  /// it.
  CollectorProcess(const Settings& settings, const Plant& plant);
  ~CollectorProcess();

  ProcessStatus status() const;
  /// Moves at least every second while the core's thread lives: only then the process may say that
  /// it lives, so that the supervisor ends one that hangs.
  std::uint64_t turns() const { return loop_->turns(); }

  /// Ends the subscription, writes the last batch, moves the write-ahead log into the file. False
  /// when the writer still waits for a silent database: end the process without unwinding then,
  /// all that was collected is in the spool.
  bool stop();

 private:
  using FirstOpening = std::future<StoreWriter::Parts>;

  void start_writer();
  std::shared_ptr<StoreWriter::Parts> wait_for_database(FirstOpening& opening);
  void start_alarms();
  AlarmOutputs alarm_outputs();
  std::vector<collector::CertificateFacts> certificates() const;
  void remember(std::string memory, std::uint64_t number);
  void start_core();
  StoreWriter::Parts open_database();
  collector::ForwardOptions forward_options() const;
  collector::CoreOptions core_options();
  collector::AlarmDeskOptions alarm_options() const;
  collector::ForwardFacts forward_facts() const;
  void add_alarm_details(ProcessStatus& status) const;
  void add_redis_details(ProcessStatus& status) const;
  opcua::SubscriberOptions subscriber_options() const;
  opcua::SubscriberEvents subscriber_events();
  std::vector<collector::PointChange> changes_of(std::vector<opcua::ItemChange> changes) const;
  void on_data(opcua::Notification notification);
  void on_history(opcua::HistoryFill fill);
  void on_link(opcua::LinkState state, const std::string& reason, Timestamp at);

  const Settings& settings_;
  const Plant& plant_;
  const TagMap tags_;
  const Timestamp started_at_;
  std::optional<Timestamp> covered_until_;  ///< Of the record before this process, if known.
  std::atomic<bool> linked_ = true;         ///< Acknowledgements still have somebody to go to.

  // Made in this order, ended in reverse by stop().
  InstanceLock lock_;
  std::unique_ptr<LiveHub> hub_;
  std::unique_ptr<RedisBridge> bridge_;  ///< Null without CACHE_ENABLED.
  CollectorIdentity identity_;  ///< From start_writer() on of the thread that opens the database.
  std::uint32_t run_ = 0;       ///< Of identity_; it stays when the source is renewed.
  AlarmMemoryFile alarm_file_;
  DayFile day_file_;
  collector::DayCounters days_;  ///< Of the core's thread.
  std::unique_ptr<SpoolKeeper> keeper_;
  std::unique_ptr<HostProbe> probe_;
  std::unique_ptr<AlarmService> alarms_;
  std::unique_ptr<Notifier> notifier_;  // Made before, but ends before: it tells the service.
  std::unique_ptr<CoreLoop> loop_;
  std::unique_ptr<StoreWriter> writer_;
  std::unique_ptr<opcua::Subscriber> subscriber_;
};

}  // namespace wl
