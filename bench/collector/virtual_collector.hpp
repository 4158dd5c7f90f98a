// The collector's way from a delivery to the database, on one thread and a virtual clock.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/collector/day_file.hpp"
#include "batch_sink.hpp"
#include "collector/core.hpp"
#include "collector/forward/store_and_forward.hpp"
#include "virtual_alarms.hpp"

namespace wl::bench {

/// CPU seconds of this process by part. The threads of a sink count while it is waited for.
struct PathCost {
  double core = 0;     ///< Cleaning, held values, live messages, records; with alarms, the ticks.
  double alarms = 0;   ///< What the alarm service does after a tick.
  double forward = 0;  ///< Records to bytes, spool, sync, reading back, joining.
  double sink = 0;

  double sum() const { return core + alarms + forward + sink; }
};

/// collector::Core → StoreAndForward on a folder of this disk → a sink; tokens are acknowledged as
/// their records become durable. Everything as CoreLoop and SpoolKeeper join it, but one after the
/// other, so that the CPU time of the thread is that of the way. Throws when anything is refused.
class VirtualCollector {
 public:
  struct Options {
    std::filesystem::path folder;  ///< Of `spool/` and what the derived points remember.
    Timestamp start{};
    collector::CoreOptions core = {};
    collector::ForwardOptions forward = {};
    bool synced = true;         ///< False: what is written is not synced; its bytes are the same.
    BatchSink* sink = nullptr;  ///< Null: the database is away.
    VirtualAlarms* alarms = nullptr;             ///< Null: no alarms are judged.
    std::optional<Timestamp> stored_until = {};  ///< Of the database behind `sink`.
  };

  /// `plant` and what stands in `options` must outlive it.
  VirtualCollector(const Plant& plant, const Options& options);

  /// One notification, received at `at`.
  void deliver(std::vector<collector::PointChange> changes, Timestamp at);
  /// Does what is due at `at`.
  void turn(Timestamp at);
  /// The last record, and all batches that are left.
  void finish(Timestamp at);

  const PathCost& cost() const { return cost_; }
  collector::CoreStats stats() const { return core_.stats(); }
  const collector::CleaningCounts& cleaning() const { return core_.cleaning(); }
  collector::ForwardFigures forward() const { return forward_->figures(); }
  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t records() const { return records_; }

 private:
  collector::Now now(Timestamp at) const;
  void charge(double& part);
  void pass_on(collector::Now now);

  const Timestamp start_;
  BatchSink* const sink_;
  VirtualAlarms* const alarms_;
  DayFile day_file_;
  std::unique_ptr<storage::spool::SpoolFiles> files_;
  std::unique_ptr<collector::StoreAndForward> forward_;
  collector::PointHealth health_;
  collector::Core core_;
  std::uint64_t token_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t records_ = 0;
  PathCost cost_;
  double charged_ = 0;  ///< CPU seconds of the process that stand in cost_ or do not count.
};

}  // namespace wl::bench
