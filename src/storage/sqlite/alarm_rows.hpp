// Alarms, their journal and thresholds in a SQLite file.
#pragma once

#include <string>

#include "storage/alarm_tables.hpp"
#include "storage/sqlite/database.hpp"

namespace wl::storage {

/// On the connection, and in the transactions, of the SqliteTables that owns it. Throws
/// DatabaseError.
class SqliteAlarmTables : public AlarmTables {
 public:
  /// `database` must outlive it; `path` is what errors name.
  SqliteAlarmTables(SQLite::Database& database, std::string path);

  void put_alarms(std::span<const AlarmRow> rows) override;
  std::vector<AlarmRow> alarms(const AlarmQuery& query) override;
  std::vector<AlarmCount> alarm_counts(const AlarmFilter& filter) override;
  std::optional<AlarmRow> alarm(std::uint64_t id) override;
  std::vector<AlarmRow> open_alarms(Timestamp announced_since) override;
  std::uint64_t last_alarm_id() override;
  std::size_t drop_alarms(Timestamp before, std::size_t limit) override;

  void append_journal(std::int64_t batch, std::span<const AlarmJournalRow> rows) override;
  std::vector<AlarmJournalRow> journal(std::uint64_t alarm_id, std::size_t limit) override;
  std::size_t drop_journal(Timestamp before, std::size_t limit) override;

  std::vector<ThresholdRow> thresholds() override;
  std::int64_t add_threshold(const ThresholdRow& row) override;
  void put_threshold(const ThresholdRow& row) override;
  void drop_threshold(std::int64_t id) override;

 private:
  template <class Work>
  auto run(std::string_view doing, Work&& work) -> decltype(work());

  SQLite::Database& database_;
  std::string path_;
  Prepared put_alarm_;
  Prepared alarm_;
  Prepared open_alarms_;
  Prepared last_alarm_id_;
  Prepared drop_alarms_;
  Prepared append_journal_;
  Prepared journal_;
  Prepared drop_journal_;
  Prepared thresholds_;
  Prepared add_threshold_;
  Prepared put_threshold_;
  Prepared drop_threshold_;
};

}  // namespace wl::storage
