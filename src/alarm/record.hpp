// What the alarms say to the outside: rows, state changes in order, wishes to notify, facts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alarm/rule.hpp"
#include "alarm/state.hpp"
#include "base/time.hpp"

namespace wl::alarm {

/// What is wrong, as a key and numbers; text.hpp makes the words.
enum class MessageKey : std::uint8_t {
  high,
  low,
  deviation,
  rate,
  stale,
  quality,
  state,
  // System alarms; the words are the names of the conditions.
  plc_down,
  gateway_down,
  link_lost,
  spool_filling,
  database_down,
  clock_step,
  disk_low,
  certificate_expiring,
  oee_low,
  mail_failing,
  spool_damaged,
};

/// One row of the table `alarms`: one occurrence of one alarm, from its raise to its end. Complete
/// enough to go on after a restart. Texts are as given; the device and parameter of a system alarm
/// are `system` and its subject.
struct AlarmRecord {
  std::uint64_t id = 0;  ///< `alarms.id`, given by the core; 0 while the alarm has no row.
  std::string key;       ///< The alarm across rows and restarts: key_of(Rule), `system:link_lost:`.
  Timestamp timestamp{};  ///< When it was raised.
  std::string device;
  std::string parameter;
  std::string alarm_type;
  MessageKey message = MessageKey::high;
  Level level = Level::warning;  ///< The highest of this row; it never falls.
  double threshold_value = 0;
  double actual_value = 0;  ///< At the raise or the last escalation, in the unit of RuleKind.

  State state = State::normal;
  bool active = false;  ///< The condition holds now, also while hidden.
  std::optional<Timestamp> cleared_at;
  bool acknowledged = false;
  std::string acknowledged_by;
  std::optional<Timestamp> acknowledged_at;
  std::string note;  ///< Of the last acknowledgement or shelving.
  std::string shelved_by;
  std::optional<Timestamp> shelved_until;

  std::uint32_t raise_count = 0;       ///< Times it was raised in this row.
  std::uint32_t suppressed_count = 0;  ///< Annunciations that were not made: window or hidden.
  /// The last annunciation of this alarm, in this row or the one before: the window counts from it.
  std::optional<Timestamp> announced_at;
  Level announced_level = Level::warning;
  bool announced = false;  ///< A return to normal must be told: the raise was.
  bool chattering = false;
  /// The row that took over when it was raised again after the window, not yet acknowledged.
  std::optional<std::uint64_t> superseded_by;

  bool operator==(const AlarmRecord&) const = default;
};

/// One transition or fact. Store every one, in order; `record` is the whole row after it. A record
/// without an id belongs to no row (an alarm hidden before it was ever raised): journal only.
struct Change {
  std::uint64_t seq = 0;  ///< 1, 2, 3 … since the start of the process, without a hole.
  Event event{};
  State from{};
  State to{};
  Timestamp at{};
  std::string by;  ///< Who ordered it; empty for the plant itself.
  AlarmRecord record;
};

/// A wish to tell somebody. The policy of notification decides who, how and how many in one mail.
struct Wish {
  enum class Reason : std::uint8_t {
    raised,
    level_raised,
    unshelved,  ///< Or no longer suppressed, and still active.
    cleared,    ///< Only after a wish for its raise.
    flood_started,
    flood_ended,
  };
  Reason reason{};
  Timestamp at{};
  AlarmRecord record;            ///< Empty for a flood.
  std::uint32_t suppressed = 0;  ///< Annunciations of this alarm since the wish before.
  std::uint64_t raises = 0;      ///< flood_ended: alarms raised in it.
  bool in_flood = false;
};

struct Output {
  std::vector<Change> changes;
  std::vector<Wish> wishes;
};

/// For the operator's head line, /metrics and the policy.
struct Facts {
  int active = 0;  ///< Conditions that hold and are not hidden.
  int unacknowledged = 0;
  int shelved = 0;
  int suppressed = 0;
  int out_of_service = 0;
  int chattering = 0;
  bool flood = false;
  Timestamp flood_since{};
  std::uint64_t flood_raises = 0;  ///< In this flood, or the last one.
  std::uint64_t raises = 0;        ///< Since the start, hidden ones too.
  std::uint64_t suppressed_annunciations = 0;

  bool operator==(const Facts&) const = default;
};

}  // namespace wl::alarm
