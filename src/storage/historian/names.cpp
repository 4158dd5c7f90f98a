#include "storage/historian/names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/historian/facts.hpp"

namespace wl::storage {

Names::Names(Tables& tables, const Plant& plant) : tables_(tables), plant_(plant) {
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) point_keys_[plant.points[i].key] = i;
  for (std::uint32_t i = 0; i < plant.devices.size(); ++i) device_keys_[plant.devices[i].id] = i;
}

void Names::refresh() {
  const std::string now = tables_.fact(facts::registered).value_or("");
  if (now == known_) return;
  point_rows_.assign(plant_.points.size(), {});
  device_rows_.assign(plant_.devices.size(), {});
  points_.clear();
  devices_.clear();
  for (const NamedRow& named : tables_.points()) {
    const auto at = point_keys_.find(named.key);
    if (at != point_keys_.end()) add(PointId{at->second}, PointRow{named.row});
  }
  for (const NamedRow& named : tables_.devices()) {
    const auto at = device_keys_.find(named.key);
    if (at != device_keys_.end()) add(DeviceId{at->second}, DeviceRow{named.row});
  }
  known_ = now;
}

std::optional<DeviceRow> Names::find(DeviceId device) const {
  const DeviceRow row =
      device.value < device_rows_.size() ? device_rows_[device.value] : DeviceRow{};
  return row.value == 0 ? std::nullopt : std::optional(row);
}

PointRow Names::make(PointId point) {
  if (const auto known = find(point)) return *known;
  const PointSpec& spec = plant_.point(point);
  const PointRow row = tables_.make_point(spec.key, make(spec.device), spec.unit);
  add(point, row);
  note_registration();
  return row;
}

DeviceRow Names::make(DeviceId device) {
  if (const auto known = find(device)) return *known;
  const DeviceRow row = tables_.make_device(plant_.device(device).id);
  add(device, row);
  note_registration();
  return row;
}

std::optional<PointId> Names::point_of(PointRow row) const {
  return row.value < points_.size() ? points_[row.value] : std::nullopt;
}

std::optional<DeviceId> Names::device_of(DeviceRow row) const {
  return row.value < devices_.size() ? devices_[row.value] : std::nullopt;
}

void Names::add(PointId point, PointRow row) {
  point_rows_[point.value] = row;
  if (points_.size() <= row.value) points_.resize(row.value + 1);
  points_[row.value] = point;
}

void Names::add(DeviceId device, DeviceRow row) {
  device_rows_[device.value] = row;
  if (devices_.size() <= row.value) devices_.resize(row.value + 1);
  devices_[row.value] = device;
}

void Names::note_registration() {
  // A count would do; with the highest rows in it, two databases that differ never look alike.
  known_ = fmt::format("{} points, {} devices", points_.size(), devices_.size());
  tables_.put_fact(facts::registered, known_);
}

}  // namespace wl::storage
