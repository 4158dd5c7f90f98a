// The columns of alarms, alarm_journal and thresholds, in one order for both engines. Internal to
// the room: each engine binds and reads them in the order of each_column(). Header only, because
// both engines are libraries of their own.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "storage/alarm_store.hpp"

namespace wl::storage {

inline constexpr std::array<std::string_view, 27> alarm_columns{
    "id",           "alarm_key",       "timestamp",       "device_id",   "parameter_name",
    "alarm_type",   "message_key",     "message",         "alarm_level", "threshold_value",
    "actual_value", "state",           "active",          "cleared_at",  "acknowledged",
    "note",         "acknowledged_by", "acknowledged_at", "shelved_by",  "shelved_until",
    "raise_count",  "announced_at",    "announced_level", "announced",   "suppressed_count",
    "chattering",   "superseded_by"};

inline constexpr std::array<std::string_view, 10> journal_columns{
    "seq",        "alarm_id", "alarm_key",  "at",          "event",
    "from_state", "to_state", "ordered_by", "alarm_level", "note"};

inline constexpr std::array<std::string_view, 16> threshold_columns{
    "id",          "device_id",    "parameter_name",     "kind",
    "direction",   "alarm_level",  "threshold_value",    "hysteresis",
    "on_delay_ms", "off_delay_ms", "setpoint_parameter", "setpoint_value",
    "enabled",     "updated_by",   "updated_at",         "version"};

template <class T, class Row>
concept Of = std::same_as<std::remove_const_t<T>, Row>;

/// Calls `take` with each member in the order of alarm_columns.
template <Of<AlarmRow> Row, class Take>
void each_column(Row& row, Take&& take) {
  take(row.id), take(row.key), take(row.timestamp), take(row.device_id), take(row.parameter_name);
  take(row.alarm_type), take(row.message_key), take(row.message), take(row.alarm_level);
  take(row.threshold_value), take(row.actual_value), take(row.state), take(row.active);
  take(row.cleared_at), take(row.acknowledged), take(row.note), take(row.acknowledged_by);
  take(row.acknowledged_at), take(row.shelved_by), take(row.shelved_until), take(row.raise_count);
  take(row.announced_at), take(row.announced_level), take(row.announced);
  take(row.suppressed_count), take(row.chattering), take(row.superseded_by);
}

template <Of<AlarmJournalRow> Row, class Take>
void each_column(Row& row, Take&& take) {
  take(row.seq), take(row.alarm_id), take(row.key), take(row.at), take(row.event);
  take(row.from_state), take(row.to_state), take(row.by), take(row.alarm_level), take(row.note);
}

template <Of<ThresholdRow> Row, class Take>
void each_column(Row& row, Take&& take) {
  take(row.id), take(row.device_id), take(row.parameter_name), take(row.kind);
  take(row.direction), take(row.alarm_level), take(row.threshold_value), take(row.hysteresis);
  take(row.on_delay), take(row.off_delay), take(row.setpoint_parameter), take(row.setpoint_value);
  take(row.enabled), take(row.updated_by), take(row.updated_at), take(row.version);
}

/// `id, alarm_key, …`
inline std::string names_of(std::span<const std::string_view> columns) {
  std::string names;
  for (const std::string_view column : columns) {
    if (!names.empty()) names += ", ";
    names += column;
  }
  return names;
}

/// `state IN ('shelved', …)`. The words stand in the text: MariaDB does not use an index for a
/// bound one, which has no character set. They are those of the model and nothing else, so nothing
/// foreign comes into SQL; a word that is none of them matches no row.
inline std::string state_condition(std::span<const std::string> wanted) {
  std::string words;
  for (const std::string_view state : alarm_state::all) {
    if (std::ranges::find(wanted, state) == wanted.end()) continue;
    words += (words.empty() ? "'" : ", '") + std::string(state) + "'";
  }
  return words.empty() ? "1 = 0" : "state IN (" + words + ")";
}

/// What is not normal, in a form that goes by an index.
inline std::string open_condition() {
  std::vector<std::string> open;
  for (const std::string_view state : alarm_state::all)
    if (state != alarm_state::normal) open.emplace_back(state);
  return state_condition(open);
}

/// A filter as SQL that both engines take: `WHERE device_id = ? AND …`, or nothing, and what stands
/// for the question marks.
struct AlarmCondition {
  std::string sql;
  std::vector<std::variant<std::int64_t, std::string>> values;
};

inline AlarmCondition condition_of(const AlarmFilter& filter) {
  AlarmCondition condition;
  const auto add = [&](std::string_view sql) {
    condition.sql += condition.sql.empty() ? "WHERE " : " AND ";
    condition.sql += sql;
  };
  const auto add_with = [&](std::string_view sql, std::variant<std::int64_t, std::string> value) {
    add(sql);
    condition.values.push_back(std::move(value));
  };
  if (filter.device_id) add_with("device_id = ?", *filter.device_id);
  if (filter.alarm_level) add_with("alarm_level = ?", *filter.alarm_level);
  if (filter.acknowledged) add_with("acknowledged = ?", std::int64_t{*filter.acknowledged});
  if (filter.from) add_with("timestamp >= ?", to_unix_ms(*filter.from));
  if (filter.to) add_with("timestamp < ?", to_unix_ms(*filter.to));
  if (!filter.states.empty()) add(state_condition(filter.states));
  return condition;
}

}  // namespace wl::storage
