// Decides when the condition of one rule is there and when it is gone.
#pragma once

#include <optional>

#include "alarm/rule.hpp"
#include "model/live_message.hpp"

namespace wl::alarm {

/// Ticks in a row; ALARM_CONSECUTIVE_COUNT for both. At least 1.
struct DetectorCounts {
  int raise = 3;
  int clear = 3;
};

/// One rule over one point. Pure; no allocation after construction.
///
/// A value of bad quality, or one that is no number, neither raises nor clears: the counts and
/// delays wait for the next usable one. Rules of kind quality and stale see it all the same.
class Detector {
 public:
  enum class Verdict { none, raise, clear, escalate };

  Detector(const CheckedRule& rule, DetectorCounts counts);

  /// `clock` counts milliseconds while the link was alive: what happens behind a dead link is
  /// neither a stale point nor time in a delay. `setpoint` may be null when the rule has none.
  Verdict observe(const LiveValue& value, const LiveValue* setpoint, Milliseconds clock);

  /// After a restart, or for a changed rule: the alarm stays what it was until values say
  /// otherwise.
  void restore(bool active, Level level);

  /// The link was dead before the next value: the change since the last one has no known time.
  void after_gap();

  bool active() const { return active_; }
  Level level() const { return level_; }  ///< Of the last raise or escalate.
  /// What was compared with the rule's value, in the unit of RuleKind; at the last usable tick.
  double measured() const { return measured_; }
  PointId point() const { return point_; }
  const std::optional<PointId>& setpoint() const { return setpoint_point_; }

 private:
  std::optional<double> measure(const LiveValue& value, const LiveValue* setpoint,
                                Milliseconds clock);
  std::optional<double> rate(double value, Milliseconds clock);
  double age_s(Timestamp source_time, Milliseconds clock);
  bool violated(double measured) const;
  bool cleared(double measured) const;
  Level level_of(double measured) const;
  void count(Milliseconds elapsed);
  Verdict while_normal(double measured, Milliseconds elapsed);
  Verdict while_active(double measured, Milliseconds elapsed);

  PointId point_;
  std::optional<PointId> setpoint_point_;
  RuleKind kind_;
  std::optional<Level> fixed_level_;
  DetectorCounts counts_;
  double limit_;
  double hysteresis_;
  double fixed_setpoint_;
  Milliseconds on_delay_;
  Milliseconds off_delay_;

  bool active_ = false;
  bool usable_before_ = false;  ///< The tick before this one counted.
  bool seen_ = false;           ///< last_value_ (rate) or last_source_ (stale) is known.
  Level level_ = Level::warning;
  Level run_level_ = Level::warning;  ///< The lowest level of the run.
  int run_ = 0;                       ///< Ticks in a row for the change that is under way.
  int level_run_ = 0;                 ///< Ticks in a row at a level above level_.
  Milliseconds dwell_{};              ///< How long that run lasts.
  Milliseconds last_clock_{};
  double measured_ = 0;
  double last_value_ = 0;
  Milliseconds last_moved_{};  ///< rate: clock of last_value_; stale: clock of the last new source.
  Timestamp last_source_{};
};

}  // namespace wl::alarm
