// Devices and points for tests that need no plant.json.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/plant.hpp"

namespace wl::web::testing {

inline DeviceId add_device(Plant& plant, const std::string& id, const std::string& type) {
  DeviceSpec device;
  device.id = id;
  device.type = type;
  plant.devices.push_back(std::move(device));
  return DeviceId{static_cast<std::uint32_t>(plant.devices.size() - 1)};
}

/// A point with words is a state.
inline void add_point(Plant& plant, DeviceId device, const std::string& name,
                      std::vector<std::string> words = {}) {
  PointSpec point;
  point.key = plant.device(device).id + "." + name;
  point.name = name;
  point.device = device;
  point.kind = words.empty() ? PointKind::measurement : PointKind::state;
  if (name == "energy_kwh") point.kind = PointKind::counter;
  point.words = std::move(words);
  plant.points.push_back(std::move(point));
}

}  // namespace wl::web::testing
