// Batches that wait for the database, in order and within a limit.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "model/link_interval.hpp"
#include "model/sample.hpp"

namespace wl::collector {

/// What one write brings to the database. `seq` increases from batch to batch.
struct CollectedBatch {
  std::uint64_t seq = 0;
  std::vector<Sample> samples;
  std::vector<LinkInterval> intervals;
};

/// Memory that one batch takes, in bytes.
std::size_t size_of(const CollectedBatch& batch);

/// Cause of the gap that dropped samples leave.
extern const char* const cache_full_cause;

/// A queue of batches up to `limit` bytes. At the limit the oldest gives its samples up: they are
/// counted, and the time that it covered becomes a gap. The batch in flight is never touched.
/// Pure; one thread uses it. Batches are immutable and shared with the thread that writes them.
class Backlog {
 public:
  explicit Backlog(std::size_t limit_bytes) : limit_(limit_bytes) {}

  void push(CollectedBatch batch);

  /// The oldest batch, now in flight until written() or failed(). Nothing when there is none or one
  /// is in flight already.
  std::shared_ptr<const CollectedBatch> start_write();
  /// The batch in flight is stored. Returns its number of samples. Precondition: one is.
  std::size_t written();
  /// It is not; the next start_write() returns it again. Precondition: one is.
  void failed();

  bool empty() const { return batches_.empty(); }
  /// True when start_write() would return a batch.
  bool waiting() const { return !in_flight_ && !batches_.empty(); }
  std::size_t batches() const { return batches_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t dropped_samples() const { return dropped_samples_; }

 private:
  void drop_oldest();

  const std::size_t limit_;
  std::deque<std::shared_ptr<const CollectedBatch>> batches_;
  std::size_t bytes_ = 0;
  bool in_flight_ = false;
  std::uint64_t dropped_samples_ = 0;
};

}  // namespace wl::collector
