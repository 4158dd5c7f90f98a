#include "collector/desk/plc_watch.hpp"

#include <algorithm>
#include <string_view>

namespace wl::collector {
namespace {

/// `Channel.Device` of `Channel.Device.Group.Tag`; empty when there is no such part.
std::string_view controller_in(std::string_view tag) {
  const auto channel = tag.find('.');
  if (channel == std::string_view::npos) return {};
  const auto device = tag.find('.', channel + 1);
  return device == std::string_view::npos ? std::string_view{} : tag.substr(0, device);
}

bool is_sign_of_life(const PointSpec& point) {
  return point.name == "scan_count" || point.name == "boot_count";
}

}  // namespace

PlcWatch::PlcWatch(const Plant& plant) : of_point_(plant.points.size()) {
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    const PointSpec& point = plant.points[i];
    const std::string_view name = controller_in(point.tag);
    if (name.empty()) continue;
    auto found = std::ranges::find(controllers_, name, &Controller::name);
    if (found == controllers_.end()) {
      controllers_.push_back({std::string(name)});
      signs_.emplace_back();
      found = std::prev(controllers_.end());
    }
    const auto index = static_cast<std::size_t>(found - controllers_.begin());
    of_point_[i] = index;
    if (is_sign_of_life(point)) signs_[index].life.push_back(PointId{i});
    if (point.name == "scan_count") signs_[index].counts = PointId{i};
  }
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    if (!of_point_[i]) continue;
    Signs& signs = signs_[*of_point_[i]];
    const bool named = !signs.life.empty() && is_sign_of_life(plant.point(signs.life.front()));
    if (!named) signs.life.push_back(PointId{i});
  }
}

void PlcWatch::on_tick(const Tick& tick) {
  if (tick.link_alive && !was_alive_) {
    alive_since_ = tick.monotonic;
    for (Signs& signs : signs_) signs.last_moved = signs.last_life = tick.monotonic;
  }
  was_alive_ = tick.link_alive;
  if (!tick.link_alive) return;
  if (tick.proven_at != proven_at_) last_proof_ = tick.monotonic;
  proven_at_ = tick.proven_at;
  for (std::size_t i = 0; i < controllers_.size(); ++i) judge(i, tick);
}

void PlcWatch::restore_down(std::string_view name) {
  const auto found = std::ranges::find(controllers_, name, &Controller::name);
  if (found != controllers_.end()) found->down = true;
}

void PlcWatch::judge(std::size_t index, const Tick& tick) {
  Signs& signs = signs_[index];
  const bool bad = all_bad(signs, tick);
  const bool still = stands_still(signs, tick);
  if (!bad) signs.bad_since.reset();
  if (bad && !signs.bad_since) {
    signs.bad_since = std::max(tick.monotonic, alive_since_ + link_grace - bad_patience);
  }
  if (!bad && !still) signs.last_life = tick.monotonic;
  const bool bad_for_long = bad && tick.monotonic >= *signs.bad_since + bad_patience;
  Controller& controller = controllers_[index];
  // What was down stays so until it is seen to live again.
  controller.down = bad_for_long || still || (controller.down && bad);
  controller.silent_s =
      controller.down ? static_cast<double>((tick.monotonic - signs.last_life).count()) / 1000 : 0;
}

bool PlcWatch::all_bad(const Signs& signs, const Tick& tick) const {
  return std::ranges::all_of(
      signs.life, [&](PointId point) { return tick.values[point.value].quality.is_bad(); });
}

bool PlcWatch::stands_still(Signs& signs, const Tick& tick) const {
  if (!signs.counts) return false;
  const LiveValue& count = tick.values[signs.counts->value];
  if (count.quality.is_bad() || count.source_time != signs.last_source) {
    signs.last_source = count.source_time;
    signs.last_moved = tick.monotonic;
    return false;
  }
  return last_proof_ - signs.last_moved >= longest_standstill;
}

}  // namespace wl::collector
