// For tests: a small plant and short ways to say times, values and rules.
#pragma once

#include <array>
#include <vector>

#include "alarm/core.hpp"

namespace wl::alarm {

inline constexpr PointId power{0};
inline constexpr PointId status{1};
inline constexpr PointId speed{2};
inline constexpr PointId setpoint{3};

/// conveyor: power_kw 0 … 100, status 0 … 2, speed and speed_setpoint 0 … 5.
inline Plant test_plant() {
  const auto point = [](std::string name, PointKind kind, double high, std::string unit) {
    PointSpec spec;
    spec.key = "conveyor." + name;
    spec.name = std::move(name);
    spec.kind = kind;
    spec.high = high;
    spec.unit = std::move(unit);
    return spec;
  };
  Plant plant;
  plant.devices.push_back({.id = "conveyor",
                           .name = {"上料传送带", "Infeed conveyor"},
                           .description = {},
                           .type = "conveyor"});
  plant.points = {point("power_kw", PointKind::measurement, 100, "kW"),
                  point("status", PointKind::state, 2, ""),
                  point("speed", PointKind::measurement, 5, "m/s"),
                  point("speed_setpoint", PointKind::measurement, 5, "m/s")};
  plant.points[1].words = {"standby", "running", "fault"};
  return plant;
}

/// `ms` after the start of a test.
inline Timestamp at(std::int64_t ms) {
  return from_unix_ms(1'700'000'000'000 + ms);
}
inline Now now(std::int64_t ms) {
  return {at(ms), Milliseconds{ms}};
}
inline Now minute(std::int64_t minutes) {
  return now(minutes * 60'000);
}

inline LiveValue good(double value, std::int64_t source_ms = 0) {
  return {value, quality::good, at(source_ms)};
}
inline LiveValue bad(double value = 0) {
  return {value, quality::bad, at(0)};
}

/// high of conveyor.power_kw.
inline Rule high_rule(double value) {
  Rule rule;
  rule.device = "conveyor";
  rule.parameter = "power_kw";
  rule.value = value;
  return rule;
}
inline Rule rule_of(RuleKind kind, std::string parameter, double value) {
  Rule rule = high_rule(value);
  rule.kind = kind;
  rule.parameter = std::move(parameter);
  return rule;
}
inline CheckedRule checked(const Rule& rule) {
  return check_rule(rule, test_plant()).value();
}

}  // namespace wl::alarm
