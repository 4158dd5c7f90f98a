// The points of one device as JSON members.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/live_message.hpp"
#include "model/plant.hpp"
#include "web/http/json_writer.hpp"

namespace wl::web {

/// The value of a point at the moment shown; nothing when none is known.
using ValueOf = std::function<std::optional<LiveValue>(PointId)>;

/// How far values may be trusted; the order counts.
enum class Trust { good, uncertain, bad };

/// The word of a state's code; empty when it has none.
std::string_view word_of(const PointSpec& point, double code);

/// Writes `"power_kw":0.95,"energy_kwh":12.3,"status":"running",…,"quality":"good"`: every point
/// by its name, numbers rounded, states as their word, null for a bad or unknown value. `quality`
/// is that of the worst point, and at best `best`: Trust::uncertain for values that are no longer
/// fed. `status` is `offline` when it is bad or unknown, or when `best` is not good.
void write_device_values(JsonWriter& json, const Plant& plant, DeviceId device,
                         const ValueOf& value_of, Trust best);

}  // namespace wl::web
