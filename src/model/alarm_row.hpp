// Rows of the tables `alarms`, `alarm_journal` and `thresholds`, as values.
//
// What the collector decides (src/alarm), the database keeps (src/storage) and the web shows
// (src/web) in one form that all three know. Levels, states, events and kinds are words here, as
// they stand in the database; alarm/row.hpp makes the types of the alarm core of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace wl {

/// The words of AlarmRow::state; alarm/state.hpp says what they mean.
namespace alarm_state {
inline constexpr std::string_view normal = "normal";
inline constexpr std::string_view active_unacked = "active_unacked";
inline constexpr std::string_view active_acked = "active_acked";
inline constexpr std::string_view cleared_unacked = "cleared_unacked";
inline constexpr std::string_view shelved = "shelved";
inline constexpr std::string_view suppressed = "suppressed";
inline constexpr std::string_view out_of_service = "out_of_service";
inline constexpr std::array<std::string_view, 7> all{
    normal, active_unacked, active_acked, cleared_unacked, shelved, suppressed, out_of_service};
}  // namespace alarm_state

/// One row of `alarms`: one occurrence of one alarm, from its raise to its end. The members are the
/// columns, in their order; alarm/record.hpp says what each means.
struct AlarmRow {
  std::uint64_t id = 0;  ///< From 1; given by the collector.
  std::string key;       ///< The alarm across rows and restarts; column `alarm_key`.
  Timestamp timestamp{};
  std::string device_id;       ///< Id of plant.json, also when it left; `system` for the system's.
  std::string parameter_name;  ///< Name of the point, or the subject of a system alarm.
  std::string alarm_type;      ///< `power_kw_threshold`
  std::string message_key;     ///< `high`, `link_lost` …: what the words are made of.
  std::string message;         ///< Chinese, ` / `, English, as of the raise or last escalation.
  std::string alarm_level;     ///< `warning`, `critical`, `emergency`.
  double threshold_value = 0;  ///< A number that is not finite is stored as NULL and read as NaN.
  double actual_value = 0;     ///< Likewise.

  std::string state;  ///< `normal`, `active_unacked` …
  bool active = false;
  std::optional<Timestamp> cleared_at;
  bool acknowledged = false;
  std::string acknowledged_by;
  std::optional<Timestamp> acknowledged_at;
  std::string note;
  std::string shelved_by;
  std::optional<Timestamp> shelved_until;

  std::uint32_t raise_count = 0;
  std::uint32_t suppressed_count = 0;
  std::optional<Timestamp> announced_at;
  std::string announced_level = "warning";
  bool announced = false;
  bool chattering = false;
  std::optional<std::uint64_t> superseded_by;

  bool operator==(const AlarmRow&) const = default;
};

/// One row of `alarm_journal`: one change of one alarm, as an auditor asks for it. Rows are only
/// added, never changed.
struct AlarmJournalRow {
  std::uint64_t seq = 0;       ///< 1, 2, 3 … since the collector's start, without a hole.
  std::uint64_t alarm_id = 0;  ///< 0: an alarm that was hidden before it was ever raised.
  std::string key;             ///< Column `alarm_key`.
  Timestamp at{};
  std::string event;       ///< `raise`, `acknowledge` …
  std::string from_state;  ///< Before and after it; equal when the event is a mere fact.
  std::string to_state;
  std::string by;           ///< Who ordered it, empty for the plant itself; column `ordered_by`.
  std::string alarm_level;  ///< After it.
  std::string note;         ///< Of the order; empty without one.

  bool operator==(const AlarmJournalRow&) const = default;
};

/// One row of `thresholds`: everything that alarm::Rule has.
struct ThresholdRow {
  std::int64_t id = 0;  ///< From 1; given by the database.
  std::string device_id;
  std::string parameter_name;      ///< Name of a point of that device.
  std::string kind = "limit";      ///< `limit`, `deviation`, `rate`, `stale`, `quality`, `state`.
  double threshold_value = 0;      ///< Its unit depends on the kind, see alarm::RuleKind.
  std::string alarm_level;         ///< Empty: by the excess.
  std::string direction = "high";  ///< Of a limit: `high` or `low`. Other kinds: `high`.
  double hysteresis = 0;
  Milliseconds on_delay{};         ///< Column `on_delay_ms`.
  Milliseconds off_delay{};        ///< Column `off_delay_ms`.
  std::string setpoint_parameter;  ///< Of a deviation; empty: `setpoint_value` counts.
  double setpoint_value = 0;
  bool enabled = true;
  std::string updated_by;
  Timestamp updated_at{};
  std::int64_t version = 1;  ///< One more with every change; who changes names the one he saw.

  bool operator==(const ThresholdRow&) const = default;
};

}  // namespace wl
