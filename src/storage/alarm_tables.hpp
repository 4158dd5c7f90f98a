// The rows of alarms, their journal and thresholds, and what may be done with them: the part of
// Tables that is about alarms. Internal to the room.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/alarm_store.hpp"

namespace wl::storage {

/// How many alarms of a filter have one level and one device.
struct AlarmCount {
  std::string alarm_level;
  std::string device_id;
  std::uint64_t alarms = 0;
};

/// Errors, threads and transactions as in Tables (storage/tables.hpp).
class AlarmTables {
 public:
  virtual ~AlarmTables() = default;

  /// Replaces rows with the same id. No id twice.
  virtual void put_alarms(std::span<const AlarmRow> rows) = 0;
  /// Newest first: by timestamp, then by id.
  virtual std::vector<AlarmRow> alarms(const AlarmQuery& query) = 0;
  virtual std::vector<AlarmCount> alarm_counts(const AlarmFilter& filter) = 0;
  virtual std::optional<AlarmRow> alarm(std::uint64_t id) = 0;
  /// State other than normal, or announced at or after `announced_since`; by id.
  virtual std::vector<AlarmRow> open_alarms(Timestamp announced_since) = 0;
  virtual std::uint64_t last_alarm_id() = 0;  ///< 0: none.
  /// Rows of state normal that were raised, cleared and acknowledged before `before`, `limit` at
  /// most. The newest row stays, whatever its age: its id must not be given again. How many went.
  virtual std::size_t drop_alarms(Timestamp before, std::size_t limit) = 0;

  /// `batch` is what claim_batch() gave; the rows keep their order. Once a batch.
  virtual void append_journal(std::int64_t batch, std::span<const AlarmJournalRow> rows) = 0;
  /// Of one alarm, in the order in which it happened.
  virtual std::vector<AlarmJournalRow> journal(std::uint64_t alarm_id, std::size_t limit) = 0;
  virtual std::size_t drop_journal(Timestamp before, std::size_t limit) = 0;

  /// By device, parameter, kind, direction and level.
  virtual std::vector<ThresholdRow> thresholds() = 0;
  /// Whatever its id says; returns the new one.
  virtual std::int64_t add_threshold(const ThresholdRow& row) = 0;
  /// Replaces the row with this id, its version included.
  virtual void put_threshold(const ThresholdRow& row) = 0;
  virtual void drop_threshold(std::int64_t id) = 0;
};

}  // namespace wl::storage
