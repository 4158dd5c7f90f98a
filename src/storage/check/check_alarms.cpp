// Alarms: does the state of a row agree with its times?
#include <fmt/format.h>

#include <algorithm>

#include "storage/check/findings.hpp"

namespace wl::storage::check {
namespace {

constexpr std::size_t rows_at_once = 1000;

/// The first thing that no alarm can be; empty when there is none.
std::string contradiction(const AlarmRow& row) {
  const std::string& state = row.state;
  const bool seen = state == alarm_state::active_unacked || state == alarm_state::active_acked;
  const bool over = state == alarm_state::normal || state == alarm_state::cleared_unacked;
  if (std::ranges::find(alarm_state::all, state) == alarm_state::all.end())
    return fmt::format("the state '{}' does not exist", state);
  if (seen && !row.active) return fmt::format("state {}, but its condition is gone", state);
  if (over && row.active) return fmt::format("state {}, but its condition holds", state);
  if (row.active && row.cleared_at) return "its condition holds, but it has a time of its end";
  if (!row.active && !row.cleared_at && !row.superseded_by)
    return "its condition is gone, but it has no time of its end";
  if (row.acknowledged != row.acknowledged_at.has_value())
    return row.acknowledged ? "acknowledged, but without a time"
                            : "not acknowledged, but with a time of it";
  if (row.acknowledged && row.acknowledged_by.empty()) return "acknowledged by nobody";
  if (state == alarm_state::active_acked && !row.acknowledged)
    return "state active_acked, but not acknowledged";
  if (row.acknowledged &&
      (state == alarm_state::active_unacked || state == alarm_state::cleared_unacked))
    return fmt::format("state {}, but acknowledged", state);
  if ((state == alarm_state::shelved) != row.shelved_until.has_value())
    return fmt::format("state {} and {}", state,
                       row.shelved_until ? "an end of its shelving" : "no end of its shelving");
  if (row.superseded_by && (*row.superseded_by <= row.id || state != alarm_state::normal))
    return fmt::format("state {}, superseded by {}", state, *row.superseded_by);
  return "";
}

void check_row(const AlarmRow& row, Findings& findings) {
  ++findings.report.alarms;
  const std::string place =
      fmt::format("alarm {} ({}, raised {})", row.id, row.key, to_iso8601(row.timestamp));
  if (const std::string what = contradiction(row); !what.empty())
    findings.fault(fmt::format("{}: {}", place, what));
  if (row.cleared_at && *row.cleared_at < row.timestamp)
    findings.note(fmt::format("{}: it ended before it began; the clock was set back", place));
}

}  // namespace

void check_alarms(Tables& tables, Findings& findings) {
  AlarmQuery query;
  query.limit = rows_at_once;
  for (;; query.offset += rows_at_once) {
    findings.doing("checking alarms");
    const std::vector<AlarmRow> rows = tables.alarms().alarms(query);
    for (const AlarmRow& row : rows) check_row(row, findings);
    if (rows.size() < rows_at_once) return;
  }
}

}  // namespace wl::storage::check
