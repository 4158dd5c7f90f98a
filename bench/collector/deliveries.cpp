#include "deliveries.hpp"

#include <array>
#include <limits>
#include <string>

namespace wl::bench {
namespace {

constexpr std::size_t most_changes = 1000;
constexpr Milliseconds a_piece{36'000};

PointSpec point_of(DeviceId device, const char* name, PointKind kind, double high) {
  PointSpec point;
  point.key = std::string("total.") + name;
  point.name = name;
  point.device = device;
  point.kind = kind;
  point.tag = "Bench.Line." + point.key;
  point.high = high;
  return point;
}

bool every(std::uint64_t count, std::uint64_t nth) {
  return count % nth == 0;
}

}  // namespace

Plant busy_plant(std::size_t devices) {
  Plant plant = synthetic_plant(devices);
  const auto first = static_cast<std::uint32_t>(plant.points.size());
  const DeviceId line{static_cast<std::uint32_t>(devices)};
  DeviceSpec total;
  total.id = "total";
  total.type = "line";
  plant.devices.push_back(total);
  plant.points.push_back(point_of(line, "status", PointKind::state, 2));
  plant.points.back().words = {"standby", "running", "fault"};
  plant.points.push_back(point_of(line, "product_count", PointKind::counter, 4e9));
  plant.points.push_back(point_of(line, "reject_count", PointKind::counter, 4e9));
  OeeSpec oee;
  oee.device = line;
  oee.state = PointId{first};
  oee.count = PointId{first + 1};
  oee.reject = PointId{first + 2};
  oee.states = {OeeElement::idle, OeeElement::running, OeeElement::breakdown};
  plant.oee = oee;
  return plant;
}

collector::PointChange change_of(const Sample& sample) {
  collector::PointChange change;
  change.point = sample.point;
  change.value.value = sample.value;
  change.value.quality = sample.quality;
  change.value.source_time = sample.source_time;
  return change;
}

Deliveries::Deliveries(std::size_t devices, Milliseconds step, Timestamp from)
    : points_(static_cast<std::uint32_t>(devices * points_a_device)),
      step_(step),
      line_(devices, from) {
  line_.set_pace(devices, step);
}

std::vector<std::vector<collector::PointChange>> Deliveries::next() {
  notifications_.clear();
  for (const Sample& sample : line_.next(step_)) {
    collector::PointChange change = change_of(sample);
    DataValue& value = change.value;
    if (sample.point.value % points_a_device == 2)
      value.value = static_cast<std::int64_t>(sample.value);
    ++samples_;
    if (every(samples_, 211)) value.quality = quality::bad_no_communication;
    if (every(samples_, 503)) value.value = -1.0;
    if (every(samples_, 1009)) value.value = std::numeric_limits<double>::quiet_NaN();
    if (every(samples_, 2003)) value.value = std::string("#ERR");
    if (every(samples_, 1511)) add(change);
    add(std::move(change));
  }
  add_line(line_.now() - step_);
  ++steps_;
  return std::move(notifications_);
}

void Deliveries::add(collector::PointChange change) {
  if (notifications_.empty() || notifications_.back().size() == most_changes)
    notifications_.emplace_back().reserve(most_changes);
  notifications_.back().push_back(std::move(change));
}

/// Runs, stands for a minute of each ten, makes a piece each 36 s and every 20th of them badly.
void Deliveries::add_line(Timestamp at) {
  const std::uint64_t ms = steps_ * static_cast<std::uint64_t>(step_.count());
  const std::uint64_t made = ms / static_cast<std::uint64_t>(a_piece.count());
  const std::array<std::uint64_t, 3> values{ms / 60'000 % 10 == 9 ? 0u : 1u, made, made / 20};
  for (std::uint32_t i = 0; i < values.size(); ++i)
    add({PointId{points_ + i}, {values[i], quality::good, at}});
}

}  // namespace wl::bench
