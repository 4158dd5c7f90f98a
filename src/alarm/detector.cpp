#include "alarm/detector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wl::alarm {
namespace {

bool usable(const LiveValue& value) {
  return !value.quality.is_bad() && std::isfinite(value.value);
}

/// Bad is 2, uncertain 1, good 0; a value that is no number is bad whatever its quality says.
double badness(const LiveValue& value) {
  if (!usable(value)) return 2;
  return value.quality.is_uncertain() ? 1 : 0;
}

}  // namespace

Detector::Detector(const CheckedRule& rule, DetectorCounts counts)
    : point_(rule.point),
      setpoint_point_(rule.setpoint),
      kind_(rule.rule.kind),
      fixed_level_(rule.rule.level),
      counts_{std::max(1, counts.raise), std::max(1, counts.clear)},
      limit_(rule.rule.value),
      hysteresis_(rule.rule.hysteresis),
      fixed_setpoint_(rule.rule.setpoint),
      on_delay_(rule.rule.on_delay),
      off_delay_(rule.rule.off_delay) {}

void Detector::restore(bool active, Level level) {
  active_ = active;
  level_ = level;
}

void Detector::after_gap() {
  usable_before_ = false;
  if (kind_ == RuleKind::rate) seen_ = false;
}

Detector::Verdict Detector::observe(const LiveValue& value, const LiveValue* setpoint,
                                    Milliseconds clock) {
  const Milliseconds elapsed = usable_before_ ? clock - last_clock_ : Milliseconds{};
  const std::optional<double> measured = measure(value, setpoint, clock);
  last_clock_ = clock;
  usable_before_ = measured.has_value();
  if (!measured) return Verdict::none;
  measured_ = *measured;
  return active_ ? while_active(*measured, elapsed) : while_normal(*measured, elapsed);
}

Detector::Verdict Detector::while_normal(double measured, Milliseconds elapsed) {
  if (!violated(measured)) {
    run_ = 0;
    return Verdict::none;
  }
  const Level level = level_of(measured);
  run_level_ = run_ == 0 ? level : std::min(run_level_, level);
  count(elapsed);
  if (run_ < counts_.raise || dwell_ < on_delay_) return Verdict::none;
  active_ = true;
  level_ = run_level_;
  run_ = 0;
  level_run_ = 0;
  return Verdict::raise;
}

Detector::Verdict Detector::while_active(double measured, Milliseconds elapsed) {
  if (cleared(measured)) {
    count(elapsed);
    if (run_ < counts_.clear || dwell_ < off_delay_) return Verdict::none;
    active_ = false;
    run_ = 0;
    return Verdict::clear;
  }
  run_ = 0;
  const Level level = level_of(measured);
  if (level <= level_) {
    level_run_ = 0;
    return Verdict::none;
  }
  run_level_ = level_run_ == 0 ? level : std::min(run_level_, level);
  if (++level_run_ < counts_.raise) return Verdict::none;
  level_ = run_level_;
  level_run_ = 0;
  return Verdict::escalate;
}

void Detector::count(Milliseconds elapsed) {
  dwell_ = run_ == 0 ? Milliseconds{} : dwell_ + elapsed;
  if (run_ < std::numeric_limits<int>::max()) ++run_;
}

std::optional<double> Detector::measure(const LiveValue& value, const LiveValue* setpoint,
                                        Milliseconds clock) {
  if (kind_ == RuleKind::quality) return badness(value);
  if (kind_ == RuleKind::stale) return age_s(value.source_time, clock);
  if (!usable(value)) return std::nullopt;
  if (kind_ == RuleKind::rate) return rate(value.value, clock);
  if (kind_ != RuleKind::deviation) return value.value;
  if (!setpoint_point_) return std::abs(value.value - fixed_setpoint_);
  if (!setpoint || !usable(*setpoint)) return std::nullopt;
  return std::abs(value.value - setpoint->value);
}

std::optional<double> Detector::rate(double value, Milliseconds clock) {
  const double before = last_value_;
  const Milliseconds passed = clock - last_moved_;
  const bool known = seen_ && passed.count() > 0;
  if (seen_ && !known) return std::nullopt;  // Two values at one moment have no rate.
  seen_ = true;
  last_value_ = value;
  last_moved_ = clock;
  if (!known) return std::nullopt;
  return std::abs(value - before) * 1000 / static_cast<double>(passed.count());
}

double Detector::age_s(Timestamp source_time, Milliseconds clock) {
  // By our clock, not by the difference of two: a PLC whose clock is wrong is not a stale point.
  if (!seen_ || source_time != last_source_) {
    seen_ = true;
    last_source_ = source_time;
    last_moved_ = clock;
  }
  return static_cast<double>((clock - last_moved_).count()) / 1000;
}

bool Detector::violated(double measured) const {
  switch (kind_) {
    case RuleKind::low:
      return measured < limit_;
    case RuleKind::state:
      return measured == limit_;
    case RuleKind::quality:
      return measured >= 2 - limit_;
    default:
      return measured > limit_;
  }
}

bool Detector::cleared(double measured) const {
  switch (kind_) {
    case RuleKind::low:
      return measured >= limit_ + hysteresis_;
    case RuleKind::state:
    case RuleKind::quality:
      return !violated(measured);
    default:
      return measured <= limit_ - hysteresis_;
  }
}

Level Detector::level_of(double measured) const {
  if (fixed_level_) return *fixed_level_;
  // A code has no excess, and a limit of 0 no share of itself.
  if (kind_ == RuleKind::state || kind_ == RuleKind::quality || limit_ == 0) return Level::warning;
  const double beyond = kind_ == RuleKind::low ? limit_ - measured : measured - limit_;
  return level_of_excess(beyond / std::abs(limit_));
}

}  // namespace wl::alarm
