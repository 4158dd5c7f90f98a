// The part of FailingTables that is about alarms. Header only.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "storage/alarm_tables.hpp"

namespace wl::storage {

/// Says `now` before each call, which may throw instead of letting it be done.
class FailingAlarmTables : public AlarmTables {
 public:
  /// `inner` must outlive it.
  FailingAlarmTables(AlarmTables& inner, std::function<void()> now)
      : inner_(inner), now_(std::move(now)) {}

  void put_alarms(std::span<const AlarmRow> rows) override { now_(), inner_.put_alarms(rows); }
  std::vector<AlarmRow> alarms(const AlarmQuery& query) override {
    return now_(), inner_.alarms(query);
  }
  std::vector<AlarmCount> alarm_counts(const AlarmFilter& filter) override {
    return now_(), inner_.alarm_counts(filter);
  }
  std::optional<AlarmRow> alarm(std::uint64_t id) override { return now_(), inner_.alarm(id); }
  std::vector<AlarmRow> open_alarms(Timestamp announced_since) override {
    return now_(), inner_.open_alarms(announced_since);
  }
  std::uint64_t last_alarm_id() override { return now_(), inner_.last_alarm_id(); }
  std::size_t drop_alarms(Timestamp before, std::size_t limit) override {
    return now_(), inner_.drop_alarms(before, limit);
  }
  void append_journal(std::int64_t batch, std::span<const AlarmJournalRow> rows) override {
    now_(), inner_.append_journal(batch, rows);
  }
  std::vector<AlarmJournalRow> journal(std::uint64_t alarm_id, std::size_t limit) override {
    return now_(), inner_.journal(alarm_id, limit);
  }
  std::size_t drop_journal(Timestamp before, std::size_t limit) override {
    return now_(), inner_.drop_journal(before, limit);
  }
  std::vector<ThresholdRow> thresholds() override { return now_(), inner_.thresholds(); }
  std::int64_t add_threshold(const ThresholdRow& row) override {
    return now_(), inner_.add_threshold(row);
  }
  void put_threshold(const ThresholdRow& row) override { now_(), inner_.put_threshold(row); }
  void drop_threshold(std::int64_t id) override { now_(), inner_.drop_threshold(id); }

 private:
  AlarmTables& inner_;
  std::function<void()> now_;
};

}  // namespace wl::storage
