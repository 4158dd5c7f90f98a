// Many records become one batch of the database, and what is missing between them a gap.
#pragma once

#include <optional>
#include <string>

#include "collector/record.hpp"

namespace wl::collector {

/// Why records of a range of seqs will never come.
struct LostRecords {
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  std::string cause;
};

extern const char* const not_running_cause;

/// Joins records in order. Each covers its time with intervals, so a hole in front of one is time
/// of which nothing is known: it becomes a gap, with the cause of what happened between the two
/// records (the collector did not run, records were lost). Pure; one thread.
class Joiner {
 public:
  /// Where the record in the database ends: CollectorStore::covered_until() and last_seq(). For an
  /// empty database nothing was expected before the first record.
  void begin(std::optional<Timestamp> covered_until, std::uint64_t last_seq);

  /// At most 64 ranges are remembered; beyond that two neighbours become one.
  void on_lost(LostRecords lost);
  void add(const Record& record);

  std::size_t samples() const { return batch_.samples.size(); }
  /// What was added since the call before, with the seq of the last record.
  Record take();

  /// Up to when everything that was added is covered.
  std::optional<Timestamp> covered_until() const { return covered_; }

 private:
  void look_between(std::uint64_t next_seq);
  void close_hole(Timestamp next);

  std::optional<Timestamp> covered_;
  std::uint64_t last_seq_ = 0;
  std::vector<LostRecords> lost_;  ///< Not passed yet, in order.
  std::string hole_cause_;         ///< Of what lies before the next interval.
  Record batch_;
};

}  // namespace wl::collector
