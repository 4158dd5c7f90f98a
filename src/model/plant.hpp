// What stands in the plant: the content of config/plant.json, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/oee_spec.hpp"
#include "model/quality.hpp"

namespace wl {

/// What a point's number means, which decides how it is held, summed and shown.
enum class PointKind {
  measurement,  ///< An instantaneous quantity: power_kw, speed.
  counter,      ///< Counts up and survives restarts: energy_kwh, product_count.
  state,        ///< A code with a word for each value: status.
};

/// One measured quantity of a device, fed by one gateway tag. Positive power and energy are taken
/// from the grid.
struct PointSpec {
  std::string key;   ///< `conveyor.power_kw`: device id, dot, name. Unique in the plant.
  std::string name;  ///< `power_kw`; the unit is part of the name.
  DeviceId device;
  PointKind kind = PointKind::measurement;
  std::string tag;   ///< Gateway tag `Channel.Device.Group.Tag`; NodeId ns=2;s=<tag>.
  std::string unit;  ///< For people: kW, kWh, m/s; may be empty.
  double low = 0;    ///< A value outside [low, high] is implausible.
  double high = 0;
  double max_rate = 0;        ///< Of a measurement: fastest change in units a second; 0 = any.
  Milliseconds stuck_after{};  ///< Unchanged so long it is doubted; 0 = never. Not for a state.
  std::optional<double> resolution_kwh;  ///< Of an energy counter: a dip up to this is no fall.
  double modulus_kwh = 0;                ///< Where an energy counter rolls over; 0 = it does not.
  std::vector<std::string> words;  ///< For kind state: word of code 0, 1, 2 … (standby, running …).
};

struct DeviceSpec {
  std::string id;  ///< `conveyor`: lower case letters, digits, underscore.
  LocalText name;
  LocalText description;
  std::string type;           ///< conveyor, station, reject, line.
  double rated_power_kw = 0;  ///< 0 = not stated.
};

/// Immutable after it was read; share it by const reference.
struct Plant {
  LocalText name;
  std::string time_zone;  ///< IANA zone; used by calendar queries and the browser only.
  /// How far a source's clock may run ahead of or behind the collector's and be believed.
  Milliseconds clock_tolerance{10'000};
  std::vector<DeviceSpec> devices;
  std::vector<PointSpec> points;
  std::optional<OeeSpec> oee;  ///< Nothing: no OEE is computed.

  const DeviceSpec& device(DeviceId id) const { return devices[id.value]; }
  const PointSpec& point(PointId id) const { return points[id.value]; }
  std::optional<DeviceId> find_device(std::string_view id) const;
  std::optional<PointId> find_point(std::string_view key) const;
  /// Points of one device, in file order.
  std::vector<PointId> points_of(DeviceId device) const;
};

/// Reads plant.json. The error lists every mistake as `file:line: path: reason`.
Result<Plant> parse_plant(std::string text, const std::string& file_name);

}  // namespace wl
