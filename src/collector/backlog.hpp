// Records that wait for the disk of the spool, in order and within a limit.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "collector/record.hpp"

namespace wl::collector {

/// Cause of the gap that dropped samples leave.
extern const char* const refused_too_long_cause;

/// A queue of records up to `limit` bytes. At the limit the oldest gives its samples up: they are
/// counted, and the time that it covered becomes a gap; its alarms stay. The record in flight is
/// never touched. Pure; one thread uses it. Records are immutable and shared with whoever writes
/// them.
class Backlog {
 public:
  explicit Backlog(std::size_t limit_bytes) : limit_(limit_bytes) {}

  void push(Record record);

  /// The oldest record, now in flight until written() or failed(). Nothing when there is none or
  /// one is in flight already.
  std::shared_ptr<const Record> start_write();
  /// The record in flight is stored. Returns its number of samples. Precondition: one is.
  std::size_t written();
  /// It is not; the next start_write() returns it again. Precondition: one is.
  void failed();

  bool empty() const { return records_.empty(); }
  /// True when start_write() would return a record.
  bool waiting() const { return !in_flight_ && !records_.empty(); }
  std::size_t records() const { return records_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t dropped_samples() const { return dropped_samples_; }

 private:
  void drop_oldest();

  const std::size_t limit_;
  std::deque<std::shared_ptr<const Record>> records_;
  std::size_t bytes_ = 0;
  bool in_flight_ = false;
  std::uint64_t dropped_samples_ = 0;
};

}  // namespace wl::collector
