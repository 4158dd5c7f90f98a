#include "storage/historian/alarm_keeping.hpp"

#include <map>

namespace wl::storage {
namespace {

/// Some milliseconds.
constexpr std::size_t rows_at_once = 1000;

}  // namespace

Result<void> keep_alarms(Tables& tables, std::int64_t batch_id, const Batch& batch) {
  // A chattering alarm has many rows in one batch: the last one is what stands.
  std::map<std::uint64_t, const AlarmRow*> newest;
  for (const AlarmRow& row : batch.alarms) {
    if (row.id == 0) {
      return fail(Errc::invalid_argument, "an alarm without an id cannot be stored: " + row.key);
    }
    newest[row.id] = &row;
  }
  std::vector<AlarmRow> rows;
  rows.reserve(newest.size());
  for (const auto& [id, row] : newest) rows.push_back(*row);
  if (!rows.empty()) tables.alarms().put_alarms(rows);
  if (!batch.alarm_journal.empty()) tables.alarms().append_journal(batch_id, batch.alarm_journal);
  return {};
}

std::vector<AlarmRow> alarms_for_a_start(Tables& tables, Timestamp announced_since) {
  std::vector<AlarmRow> rows = tables.alarms().open_alarms(announced_since);
  std::map<std::string, std::uint64_t> newest;
  for (const AlarmRow& row : rows) newest[row.key] = row.id;  // They come by id.
  std::erase_if(rows, [&](const AlarmRow& row) {
    return row.state == alarm_state::normal && newest[row.key] != row.id;
  });
  return rows;
}

bool drop_old_alarms(Tables& tables, Timestamp before) {
  AlarmTables& alarms = tables.alarms();
  const std::size_t rows = alarms.drop_alarms(before, rows_at_once);
  const std::size_t lines = alarms.drop_journal(before, rows_at_once);
  return rows > 0 || lines > 0;
}

}  // namespace wl::storage
