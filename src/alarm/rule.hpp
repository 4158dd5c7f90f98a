// What makes an alarm: one row of the table `thresholds`, and what is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/plant.hpp"

namespace wl::alarm {

/// In the order of urgency; the words are `warning`, `critical`, `emergency`.
enum class Level : std::uint8_t { warning, critical, emergency };

/// What is compared with Rule::value, and its unit.
enum class RuleKind : std::uint8_t {
  high,       ///< The point's value, above; unit of the point.
  low,        ///< The point's value, below; unit of the point.
  deviation,  ///< |value - setpoint|, above; unit of the point.
  rate,       ///< |change| a second between two ticks, above; unit of the point / s.
  stale,      ///< Seconds without a new source time, above. For points that must keep moving, such
              ///< as scan_count: a steady value is not stale by itself.
  quality,    ///< 0: raised by bad quality; 1: by uncertain too.
  state,      ///< The code of a state point, equal: 2 = fault.
};

std::string_view word(Level level);
std::string_view word(RuleKind kind);
std::optional<Level> level_from_word(std::string_view text);
std::optional<RuleKind> kind_from_word(std::string_view text);

struct Rule {
  std::string device;     ///< `conveyor`
  std::string parameter;  ///< Name of a point of that device: `power_kw`.
  RuleKind kind = RuleKind::high;
  double value = 0;            ///< See RuleKind.
  std::optional<Level> level;  ///< Nothing: by the excess, see level_of_excess().
  /// An active high clears at value - hysteresis or below; low, deviation and rate likewise.
  double hysteresis = 0;
  Milliseconds on_delay{};   ///< The condition holds this long before it is raised, 0 … 24 h.
  Milliseconds off_delay{};  ///< It is gone this long before it is cleared, 0 … 24 h.
  /// Of a deviation: a point of the same device, or a number when this is empty.
  std::string setpoint_parameter;
  double setpoint = 0;
  bool enabled = true;  ///< False: the alarm is out of service.

  bool operator==(const Rule&) const = default;
};

/// What an alarm is called across restarts: `conveyor.power_kw:high:critical`, `…:high:auto`.
std::string key_of(const Rule& rule);

/// `power_kw_threshold` for high and low, else `power_kw_rate` and so on: `alarms.alarm_type`.
std::string alarm_type_of(const Rule& rule);

/// A rule that the plant can have.
struct CheckedRule {
  Rule rule;
  PointId point;
  std::optional<PointId> setpoint;
};

/// Refuses, with the cause and what would be right: an unknown device, a parameter that the device
/// does not have, NaN and infinity, a value outside the range of the point (it would always or
/// never fire), a hysteresis that could never clear, a kind that the point cannot have, a negative
/// delay.
Result<CheckedRule> check_rule(const Rule& rule, const Plant& plant);

struct RefusedRule {
  Rule rule;
  Error why;
};
struct CheckedRules {
  std::vector<CheckedRule> accepted;
  std::vector<RefusedRule> refused;
};
/// One wrong row does not cost the others. The second of two rules with the same key is refused.
CheckedRules check_rules(std::span<const Rule> rules, const Plant& plant);

/// `excess` is the part by which a limit is exceeded: 0.2 is 20 % above it. Emergency from 50 %,
/// critical from 20 %, else warning.
Level level_of_excess(double excess);

}  // namespace wl::alarm
