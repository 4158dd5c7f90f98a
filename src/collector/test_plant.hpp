// For tests: a small plant and short ways to say times and values.
#pragma once

#include "collector/core.hpp"

namespace wl::collector {

inline constexpr PointId power{0};
inline constexpr PointId state{1};
inline constexpr PointId energy{2};

/// conveyor: power_kw 0 … 100, status 0 … 2, energy_kwh.
inline Plant test_plant() {
  const auto point = [](std::string name, PointKind kind, double high) {
    PointSpec spec;
    spec.key = "conveyor." + name;
    spec.name = std::move(name);
    spec.kind = kind;
    spec.high = high;
    return spec;
  };
  Plant plant;
  plant.devices.push_back({.id = "conveyor", .name = {}, .description = {}, .type = "conveyor"});
  plant.points = {point("power_kw", PointKind::measurement, 100),
                  point("status", PointKind::state, 2),
                  point("energy_kwh", PointKind::counter, 1e9)};
  return plant;
}

/// `ms` after the start of a test.
inline Timestamp at(std::int64_t ms) {
  return from_unix_ms(1'700'000'000'000 + ms);
}
inline Now now(std::int64_t ms) {
  return {at(ms), Milliseconds{ms}};
}

inline DataValue good(Value value, std::int64_t ms) {
  return {std::move(value), quality::good, at(ms)};
}
inline DataValue bad(Quality quality, std::int64_t ms) {
  return {false, quality, at(ms)};
}

inline LinkInterval alive(std::int64_t from, std::int64_t to) {
  return {at(from), at(to), true, ""};
}
inline LinkInterval gap(std::int64_t from, std::int64_t to, std::string cause) {
  return {at(from), at(to), false, std::move(cause)};
}

}  // namespace wl::collector
