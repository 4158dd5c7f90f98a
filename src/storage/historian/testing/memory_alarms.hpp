// Alarms, their journal and thresholds in memory: the part of MemoryTables that is about alarms.
// Header only.
#pragma once

#include <algorithm>
#include <map>
#include <ranges>
#include <vector>

#include "storage/alarm_tables.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

struct MemoryAlarms {
  std::map<std::uint64_t, AlarmRow> alarms;
  std::vector<AlarmJournalRow> journal;
  std::map<std::int64_t, ThresholdRow> thresholds;
  std::int64_t last_threshold = 0;
};

class MemoryAlarmTables : public AlarmTables {
 public:
  /// `content` must outlive it.
  explicit MemoryAlarmTables(MemoryAlarms& content) : content_(content) {}

  void put_alarms(std::span<const AlarmRow> rows) override {
    for (const AlarmRow& row : rows) content_.alarms[row.id] = row;
  }
  std::vector<AlarmRow> alarms(const AlarmQuery& query) override {
    std::vector<AlarmRow> found = matching(query.filter);
    std::ranges::sort(found, std::greater{},
                      [](const AlarmRow& row) { return std::pair(row.timestamp, row.id); });
    found.erase(found.begin(),
                found.begin() + static_cast<std::ptrdiff_t>(std::min(query.offset, found.size())));
    if (found.size() > query.limit) found.resize(query.limit);
    return found;
  }
  std::vector<AlarmCount> alarm_counts(const AlarmFilter& filter) override {
    std::map<std::pair<std::string, std::string>, std::uint64_t> sums;
    for (const AlarmRow& row : matching(filter)) ++sums[{row.alarm_level, row.device_id}];
    std::vector<AlarmCount> counts;
    for (const auto& [key, sum] : sums) counts.push_back({key.first, key.second, sum});
    return counts;
  }
  std::optional<AlarmRow> alarm(std::uint64_t id) override {
    const auto found = content_.alarms.find(id);
    return found == content_.alarms.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<AlarmRow> open_alarms(Timestamp announced_since) override {
    std::vector<AlarmRow> open;
    for (const auto& [id, row] : content_.alarms)
      if (row.state != alarm_state::normal || row.announced_at >= announced_since)
        open.push_back(row);
    return open;
  }
  std::uint64_t last_alarm_id() override {
    return content_.alarms.empty() ? 0 : content_.alarms.rbegin()->first;
  }
  std::size_t drop_alarms(Timestamp before, std::size_t limit) override {
    const std::uint64_t last = last_alarm_id();
    std::vector<std::uint64_t> old;
    for (const auto& [id, row] : content_.alarms) {
      const Timestamp ended = std::max({row.timestamp, row.cleared_at.value_or(row.timestamp),
                                        row.acknowledged_at.value_or(row.timestamp)});
      if (row.state == alarm_state::normal && ended < before && id < last && old.size() < limit)
        old.push_back(id);
    }
    for (const std::uint64_t id : old) content_.alarms.erase(id);
    return old.size();
  }

  void append_journal(std::int64_t, std::span<const AlarmJournalRow> rows) override {
    content_.journal.insert(content_.journal.end(), rows.begin(), rows.end());
  }
  std::vector<AlarmJournalRow> journal(std::uint64_t alarm_id, std::size_t limit) override {
    std::vector<AlarmJournalRow> found;
    for (const AlarmJournalRow& row : content_.journal)
      if (row.alarm_id == alarm_id && found.size() < limit) found.push_back(row);
    return found;
  }
  std::size_t drop_journal(Timestamp before, std::size_t limit) override {
    std::size_t dropped = 0;
    std::erase_if(content_.journal, [&](const AlarmJournalRow& row) {
      return row.at < before && dropped < limit && ++dropped > 0;
    });
    return dropped;
  }

  std::vector<ThresholdRow> thresholds() override {
    std::vector<ThresholdRow> all;
    for (const auto& [id, row] : content_.thresholds) all.push_back(row);
    std::ranges::sort(all, {}, [](const ThresholdRow& row) {
      return std::tie(row.device_id, row.parameter_name, row.kind, row.direction, row.alarm_level);
    });
    return all;
  }
  std::int64_t add_threshold(const ThresholdRow& row) override {
    const std::int64_t id = ++content_.last_threshold;
    content_.thresholds[id] = row;
    content_.thresholds[id].id = id;
    return id;
  }
  void put_threshold(const ThresholdRow& row) override { content_.thresholds.at(row.id) = row; }
  void drop_threshold(std::int64_t id) override { content_.thresholds.erase(id); }

 private:
  std::vector<AlarmRow> matching(const AlarmFilter& filter) const {
    std::vector<AlarmRow> found;
    for (const AlarmRow& row : content_.alarms | std::views::values)
      if (matches(row, filter)) found.push_back(row);
    return found;
  }
  static bool matches(const AlarmRow& row, const AlarmFilter& filter) {
    const auto is = [](const auto& wanted, const auto& value) {
      return !wanted || *wanted == value;
    };
    const bool state =
        filter.states.empty() || std::ranges::find(filter.states, row.state) != filter.states.end();
    return is(filter.device_id, row.device_id) && is(filter.alarm_level, row.alarm_level) &&
           is(filter.acknowledged, row.acknowledged) && state &&
           (!filter.from || row.timestamp >= *filter.from) &&
           (!filter.to || row.timestamp < *filter.to);
  }

  MemoryAlarms& content_;
};

}  // namespace wl::storage
