#include "tests/sim/world.hpp"

namespace wl::sim {

Plant sim_plant() {
  const auto point = [](std::string device, std::string name, std::uint32_t index, PointKind kind) {
    PointSpec spec;
    spec.key = device + "." + name;
    spec.name = std::move(name);
    spec.device = DeviceId{index};
    spec.kind = kind;
    spec.tag = "Channel.Plc.Sim." + spec.name;
    spec.high = kind == PointKind::counter ? 1e12 : 100;
    return spec;
  };
  Plant plant;
  plant.devices.push_back(
      {.id = "conveyor", .name = {}, .description = {}, .type = "conveyor", .rated_power_kw = 20});
  plant.devices.push_back(
      {.id = "total", .name = {}, .description = {}, .type = "line", .rated_power_kw = 20});
  plant.points = {point("conveyor", "power_kw", 0, PointKind::measurement),
                  point("conveyor", "energy_kwh", 0, PointKind::counter),
                  point("total", "scan_serial", 1, PointKind::counter)};
  plant.points[0].unit = "kW";
  plant.points[1].unit = "kWh";
  plant.points[1].resolution_kwh = 0.001;
  return plant;
}

}  // namespace wl::sim
