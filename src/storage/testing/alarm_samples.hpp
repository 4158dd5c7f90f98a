// For tests: rows of alarms, journal and thresholds in which no member is as in an empty one.
#pragma once

#include <string>

#include "model/alarm_row.hpp"

namespace wl::storage {

inline Timestamp alarm_time(std::int64_t seconds) {
  return from_unix_ms(1'700'000'000'000 + seconds * 1000);
}

/// Active and unacknowledged, of conveyor.power_kw, raised at alarm_time(id).
inline AlarmRow alarm_row(std::uint64_t id) {
  AlarmRow row;
  row.id = id;
  row.key = "conveyor.power_kw:high:critical";
  row.timestamp = alarm_time(static_cast<std::int64_t>(id));
  row.device_id = "conveyor";
  row.parameter_name = "power_kw";
  row.alarm_type = "power_kw_threshold";
  row.message_key = "high";
  row.message = "上料传送带 power_kw 为 4.5 kW / Infeed conveyor: power_kw is 4.5 kW";
  row.alarm_level = "critical";
  row.threshold_value = 4;
  row.actual_value = 4.5;
  row.state = alarm_state::active_unacked;
  row.active = true;
  row.raise_count = 1;
  row.announced_at = row.timestamp;
  row.announced_level = "critical";
  row.announced = true;
  return row;
}

/// The same, over and acknowledged ten seconds after its raise.
inline AlarmRow ended_alarm(std::uint64_t id) {
  AlarmRow row = alarm_row(id);
  row.state = alarm_state::normal;
  row.active = false;
  row.cleared_at = row.timestamp + Milliseconds{10'000};
  row.acknowledged = true;
  row.acknowledged_by = "li";
  row.acknowledged_at = row.cleared_at;
  row.announced = false;
  return row;
}

/// Every member is set, so that a column that is forgotten shows.
inline AlarmRow full_alarm(std::uint64_t id) {
  AlarmRow row = ended_alarm(id);
  row.active = true;
  row.note = "'; DROP TABLE alarms; --";
  row.shelved_by = "wang";
  row.shelved_until = alarm_time(99);
  row.raise_count = 3;
  row.suppressed_count = 4'000'000'000u;
  row.announced = true;
  row.chattering = true;
  row.superseded_by = id + 1;
  return row;
}

inline AlarmJournalRow journal_row(std::uint64_t alarm_id, std::uint64_t seq, std::string event) {
  return {.seq = seq,
          .alarm_id = alarm_id,
          .key = "conveyor.power_kw:high:critical",
          .at = alarm_time(static_cast<std::int64_t>(seq)),
          .event = std::move(event),
          .from_state = "normal",
          .to_state = "active_unacked",
          .by = "li",
          .alarm_level = "critical",
          .note = "已派人"};
}

/// high of conveyor.power_kw at 3 kW.
inline ThresholdRow threshold_row(std::string level = "warning") {
  ThresholdRow row;
  row.device_id = "conveyor";
  row.parameter_name = "power_kw";
  row.threshold_value = 3;
  row.alarm_level = std::move(level);
  row.updated_by = "admin";
  row.updated_at = alarm_time(1);
  return row;
}

inline ThresholdRow full_threshold() {
  ThresholdRow row = threshold_row("emergency");
  row.kind = "deviation";
  row.direction = "low";
  row.hysteresis = 0.25;
  row.on_delay = Milliseconds{2000};
  row.off_delay = Milliseconds{3000};
  row.setpoint_parameter = "speed_setpoint";
  row.setpoint_value = 1.5;
  row.enabled = false;
  row.version = 7;
  return row;
}

}  // namespace wl::storage
