#include "tests/sim/world.hpp"

namespace wl::sim {

Pace Pace::dense() {
  using std::chrono::seconds;
  Pace pace;
  pace.slow_scan = seconds(20);
  pace.keep_alive = seconds(4);
  pace.silence = seconds(9);
  pace.proof = seconds(8);
  pace.tick = seconds(10);
  pace.batch =
      seconds(115);  // No multiple of `proof`: at the end there is a moment when all is stored.
  pace.link_low = Milliseconds{1};
  pace.link_high = Milliseconds{5};
  pace.slow_link_high = Milliseconds{2000};
  pace.between_faults_low = seconds(300);
  pace.between_faults_high = seconds(1800);
  pace.upkeep = seconds(600);
  pace.rules = seconds(60);
  return pace;
}

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
