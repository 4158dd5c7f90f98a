#include "collector/held_values.hpp"

namespace wl::collector {

HeldValues::HeldValues(const Plant& plant)
    : cleaner_(plant),
      held_(plant.points.size(), LiveValue{.quality = quality::bad_waiting_for_initial_data}) {}

std::optional<Sample> HeldValues::accept(PointId point, const DataValue& value,
                                         Timestamp received_at) {
  return cleaner_.live(point, value, received_at, held_[point.value]);
}

std::optional<Sample> HeldValues::accept_history(PointId point, const DataValue& value) {
  return cleaner_.history(point, value, held_[point.value]);
}

std::vector<Sample> HeldValues::on_tick(Now now, bool link_alive) {
  return cleaner_.on_tick(now, link_alive, held_);
}

}  // namespace wl::collector
