// The collector's decisions: events and the time in, actions out.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/backlog.hpp"
#include "collector/held_values.hpp"
#include "collector/link_history.hpp"
#include "collector/now.hpp"
#include "collector/tick.hpp"

namespace wl::collector {

struct CoreOptions {
  Milliseconds tick_interval{1000};       ///< DATA_COLLECTION_INTERVAL
  Milliseconds batch_interval{10'000};    ///< BATCH_WRITE_INTERVAL
  std::size_t cache_bytes = 256'000'000;  ///< DATA_CACHE_SIZE
  /// A batch that reaches this is cut at once, so that one transaction stays short.
  std::size_t batch_samples = 50'000;
  /// Notifications that wait for their batch. The server keeps each until it is acknowledged and
  /// may have little room; beyond this the oldest is acknowledged before it is stored (counted).
  std::size_t pending_notifications = 1024;
  bool live = true;                        ///< False: nobody watches, make no live messages.
  std::uint64_t first_seq = 1;             ///< One more than the last batch in the database.
  std::optional<Timestamp> covered_until;  ///< CollectorStore::covered_until().
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
};

/// What is to be done now, in any order.
struct Actions {
  std::vector<LiveMessage> live;                ///< Send at once.
  std::shared_ptr<const CollectedBatch> write;  ///< Store it; answer by on_written or on_failed.
  std::vector<std::uint64_t> acknowledge;       ///< Tokens that the server may forget.
};

struct CoreStats {
  std::uint64_t samples_accepted = 0;
  std::uint64_t samples_stored = 0;
  std::uint64_t batches_stored = 0;
  std::uint64_t samples_dropped = 0;     ///< DATA_CACHE_SIZE was used up.
  std::uint64_t overflows = 0;           ///< Times the server or our queue lost values.
  std::uint64_t acknowledged_early = 0;  ///< See CoreOptions::pending_notifications.
  std::uint64_t not_numbers = 0;
  std::size_t backlog_batches = 0;
  std::size_t backlog_bytes = 0;
  std::string write_error;  ///< Of the last write; empty when it succeeded.
};

/// The deterministic core: the same events give the same actions. No clock, file, socket, thread or
/// random number inside (a test reads the symbols). One thread owns it. `plant` and the consumers
/// must outlive it.
///
/// Promise: each moment and sample since the start ends up in a batch, in order, exactly once by
/// seq; or, at the limit of the cache, in a gap with its cause.
class Core {
 public:
  Core(const Plant& plant, CoreOptions options, Now start, std::vector<TickConsumer*> consumers);

  void on_delivery(const Delivery& delivery);
  /// The subscription was proven alive at `at`.
  void on_alive(Timestamp at);
  void on_link_up(Timestamp at);
  void on_link_down(const std::string& reason, Timestamp at);
  /// Deliveries were lost between the link and the core (its queue was full).
  void on_input_lost(Timestamp at);

  void on_written(std::uint64_t seq);
  void on_failed(std::uint64_t seq, const std::string& error, Now now);

  /// Does what is due. Call it after the events of each round and at next_due().
  void on_time(Now now);
  /// The last batch, whatever its age. Only on_written and on_failed may follow.
  void on_stop(Now now);

  Actions take_actions();
  /// Monotonic time of the next thing to do.
  Milliseconds next_due() const;
  /// True when nothing waits for the database.
  bool idle() const { return backlog_.empty(); }

  CoreStats stats() const;
  const LiveLink& link() const { return link_; }
  const CleaningCounts& cleaning() const { return held_.counts(); }

 private:
  LiveValue shown(PointId point) const;
  LiveMessage message(LiveMessage::Type type, Timestamp at) const;
  void show_all(Timestamp at);
  void proven(Timestamp at);
  void report_link(bool up, const std::string& reason, Timestamp at);
  void lost(Timestamp from, Timestamp to, const std::string& what);
  void hold_token(std::uint64_t token);
  void tick(Now now);
  void cut_batch(Now now);

  const Plant& plant_;
  const CoreOptions options_;
  const std::vector<TickConsumer*> consumers_;
  HeldValues held_;
  LinkHistory history_;
  Backlog backlog_;
  LiveLink link_;

  struct PendingToken {
    std::uint64_t token;
    std::uint64_t seq;  ///< Of the batch that holds its samples.
  };
  std::deque<PendingToken> tokens_;
  std::vector<Sample> open_samples_;
  std::uint64_t next_seq_;
  Milliseconds next_tick_;
  Milliseconds next_batch_;
  Milliseconds next_write_{};
  Milliseconds write_backoff_{};
  Actions actions_;
  CoreStats stats_;
};

}  // namespace wl::collector
