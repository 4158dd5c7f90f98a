// What was collected in a stretch of time: the unit that becomes durable, and that is stored.
#pragma once

#include <cstdint>
#include <vector>

#include "model/alarm_row.hpp"
#include "model/link_interval.hpp"
#include "model/sample.hpp"

namespace wl::collector {

/// From a quarter of a second (in the spool) to many joined (a batch of the database). `seq`
/// increases from record to record; a batch has that of its last record.
struct Record {
  std::uint64_t seq = 0;
  std::vector<Sample> samples;
  std::vector<LinkInterval> intervals;  ///< In order; disjoint, unless the clock was set back.

  std::vector<AlarmRow> alarms;  ///< Whole rows; a later one of an id replaces an earlier.
  std::vector<AlarmJournalRow> alarm_journal;

  bool empty() const {
    return samples.empty() && intervals.empty() && alarms.empty() && alarm_journal.empty();
  }
  bool operator==(const Record&) const = default;
};

/// Numbers of records: the upper half counts the starts of the collector, so that a new process
/// never uses a number again, whatever was lost of the one before.
constexpr std::uint64_t first_seq_of_run(std::uint32_t run) {
  return (std::uint64_t{run} << 32) + 1;
}
constexpr std::uint32_t run_of(std::uint64_t seq) {
  return static_cast<std::uint32_t>(seq >> 32);
}

/// Memory that one record takes, in bytes.
std::size_t size_of(const Record& record);

}  // namespace wl::collector
