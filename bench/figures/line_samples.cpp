#include "line_samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace wl::bench {
namespace {

PointSpec point_of(DeviceId device, const std::string& id, const char* name, PointKind kind) {
  PointSpec point;
  point.key = id + "." + name;
  point.name = name;
  point.device = device;
  point.kind = kind;
  point.tag = "Bench.Line." + id + "." + name;
  point.low = 0;
  point.high = kind == PointKind::counter ? 1e9 : 100;
  if (kind == PointKind::state) point.words = {"standby", "running", "fault"};
  return point;
}

double to_thousandths(double value) {
  return std::round(value * 1000) / 1000;
}

}  // namespace

Plant synthetic_plant(std::size_t devices) {
  Plant plant;
  plant.name = {"测试线", "Bench line"};
  plant.time_zone = "UTC";
  for (std::size_t i = 0; i < devices; ++i) {
    const DeviceId device{static_cast<std::uint32_t>(i)};
    DeviceSpec spec;
    spec.id = fmt::format("d{:03}", i + 1);
    spec.name = {spec.id, spec.id};
    spec.type = "station";
    spec.rated_power_kw = 6;
    plant.devices.push_back(spec);
    plant.points.push_back(point_of(device, spec.id, "power_kw", PointKind::measurement));
    plant.points.push_back(point_of(device, spec.id, "energy_kwh", PointKind::counter));
    plant.points.push_back(point_of(device, spec.id, "status", PointKind::state));
    plant.points.push_back(point_of(device, spec.id, "speed", PointKind::measurement));
  }
  return plant;
}

SyntheticDevice::SyntheticDevice(std::uint64_t seed) : random_(seed * 0x9E37'79B9'7F4A'7C15) {}

double SyntheticDevice::chance() {  // splitmix64
  std::uint64_t bits = random_ += 0x9E37'79B9'7F4A'7C15;
  bits = (bits ^ (bits >> 30)) * 0xBF58'476D'1CE4'E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D0'49BB'1331'11EB;
  return static_cast<double>((bits ^ (bits >> 31)) >> 11) * 0x1p-53;
}

double SyntheticDevice::noise() {
  return (chance() + chance() + chance() + chance() - 2) * std::sqrt(3.0);
}

void SyntheticDevice::advance(Milliseconds step, std::span<double, points_a_device> values) {
  if (chance() < 0.005) load_kw_ = chance() < 0.3 ? 0.15 : 1.5 + chance() * 2;
  if (chance() < 0.005) state_ = std::floor(chance() * 3);
  values[0] = std::max(0.0, to_thousandths(load_kw_ + 0.02 * noise()));
  energy_kwh_ += values[0] * static_cast<double>(step.count()) / 3.6e6;
  values[1] = std::floor(energy_kwh_ * 1000) / 1000;
  values[2] = state_;
  values[3] = std::max(0.0, to_thousandths(load_kw_ / 2 + 0.003 * noise()));
}

SyntheticLine::SyntheticLine(std::size_t devices, Timestamp from) : active_(devices), now_(from) {
  for (std::size_t i = 0; i < devices; ++i) devices_.emplace_back(i + 1);
}

void SyntheticLine::set_pace(std::size_t devices, Milliseconds step) {
  active_ = devices;
  step_ = step;
}

std::vector<Sample> SyntheticLine::next(Milliseconds length) {
  std::vector<Sample> samples;
  samples.reserve(static_cast<std::size_t>(length / step_) * active_ * points_a_device);
  for (const Timestamp end = now_ + length; now_ < end; now_ += step_) {
    std::uint32_t point = 0;
    for (std::size_t i = 0; i < active_; ++i) {
      std::array<double, points_a_device> values{};
      devices_[i].advance(step_, values);
      for (const double value : values)
        samples.push_back({PointId{point++}, value, quality::good, now_});
    }
  }
  return samples;
}

std::vector<std::span<const Sample>> cut(std::span<const Sample> samples, std::size_t size) {
  std::vector<std::span<const Sample>> batches;
  for (std::size_t at = 0; at < samples.size(); at += size)
    batches.push_back(samples.subspan(at, std::min(size, samples.size() - at)));
  return batches;
}

}  // namespace wl::bench
