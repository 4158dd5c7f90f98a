// The collector's core and writer under the clock of a feed.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "apps/collector/replay_source.hpp"
#include "apps/collector/store_writer.hpp"

namespace wl {

/// One thread feeds it; the writer has its own. Batches are an hour long, and a few wait at most.
class ReplayRun {
 public:
  struct Parts {
    const Plant& plant;
    collector::CoreOptions core;
    ReplaySource source;
    StoreWriter::Parts writer;
    Timestamp first{};
  };

  explicit ReplayRun(Parts parts);

  /// One scan. Waits while the database is behind. False when a write failed: see error().
  bool take(Timestamp time, const std::vector<FeedChange>& changes);
  /// The last batch is written, and full hours are folded. False when a write failed.
  bool finish();

  Timestamp reached() const { return reached_; }
  std::uint64_t samples() const { return core_.stats().samples_accepted; }
  std::uint64_t batches() const { return batches_; }
  const std::string& error() const { return error_; }
  /// Of the derived points, once it has finished; empty when there are none.
  const std::string& days() const { return days_; }

 private:
  void turn();
  void act();
  void hear(Milliseconds patience);
  collector::Now now() const;

  ReplaySource source_;
  const Timestamp first_;
  Timestamp reached_;
  Timestamp next_turn_;
  std::atomic<std::int64_t> clock_ms_;  ///< reached_ for the writer's thread.
  std::uint64_t token_ = 0;
  std::uint64_t batches_ = 0;  ///< Stored.
  std::size_t waiting_ = 0;    ///< Handed to the writer and not stored yet.
  std::string error_;
  std::string days_;
  BoundedQueue<WriteDone> done_{16, WhenFull::refuse};
  collector::Core core_;
  std::unique_ptr<StoreWriter> writer_;
};

}  // namespace wl
