// How points and devices are named in memory, and texts in the two languages of the product.
#pragma once

#include <string>

#include "base/strong_id.hpp"

namespace wl {

/// Index into Plant::points; dense and the same in every process that read the same plant.json.
/// Across restarts a point is known by its key (`conveyor.power_kw`), never by this number.
using PointId = StrongId<struct PointIdTag>;
/// Index into Plant::devices.
using DeviceId = StrongId<struct DeviceIdTag>;

/// A text for people in the two languages of the product.
struct LocalText {
  std::string zh_cn;
  std::string en;
};

}  // namespace wl
