// Points that no gateway serves: what the collector derives from another point.
#pragma once

#include <optional>
#include <string_view>

#include "model/plant.hpp"

namespace wl {

/// True for a tag that is an expression: it begins with `=`.
bool is_derived(std::string_view tag);

/// `=day(energy_kwh)`: what the counter of that name, of the same device, has counted since the
/// local midnight. Returns the name; nothing when the tag is no such expression.
std::optional<std::string_view> counter_of_day(std::string_view tag);

/// The counter behind a point with such a tag; nothing when the point is none, or names none.
std::optional<PointId> counter_of_day(const Plant& plant, PointId point);

}  // namespace wl
