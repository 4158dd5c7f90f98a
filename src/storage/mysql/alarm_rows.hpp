// Alarms, their journal and thresholds in MariaDB or MySQL.
#pragma once

#include "storage/alarm_tables.hpp"

namespace wl::storage::mysql {

class MysqlTables;

/// On the connection, and in the transactions, of the MysqlTables that owns it.
class MysqlAlarmTables : public AlarmTables {
 public:
  /// `tables` must outlive it.
  explicit MysqlAlarmTables(MysqlTables& tables) : tables_(tables) {}

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
  MysqlTables& tables_;
};

}  // namespace wl::storage::mysql
