#include "alarm/watch.hpp"

#include <algorithm>

namespace wl::alarm {
namespace {
constexpr Milliseconds chatter_time = std::chrono::minutes(1);
constexpr Milliseconds flood_time = std::chrono::minutes(10);
}  // namespace

bool Annunciator::within(Milliseconds now, Milliseconds window) const {
  return last_ && now - *last_ < window;
}

Annunciator::Verdict Annunciator::ask(Level level, Milliseconds now, Milliseconds window) {
  if (!within(now, window)) return Verdict::announce;
  if (level > level_) return Verdict::announce_level;
  ++suppressed_;
  pending_ = true;
  return Verdict::later;
}

void Annunciator::announced(Level level, Milliseconds now) {
  last_ = now;
  level_ = level;
  pending_ = false;
  suppressed_ = 0;
}

std::optional<Milliseconds> Annunciator::due(Milliseconds window) const {
  if (!pending_ || !last_) return std::nullopt;
  return *last_ + window;
}

bool ChatterWatch::on_raise(Milliseconds now) {
  raises_.add(now);
  const auto third = raises_.newest(limit);
  if (chattering_ || !third || now - *third > chatter_time) return false;
  chattering_ = true;
  return true;
}

std::optional<Milliseconds> ChatterWatch::calm_at() const {
  if (!chattering_) return std::nullopt;
  return *raises_.newest(limit - 1) + chatter_time + Milliseconds{1};
}

bool FloodWatch::on_raise(Milliseconds now) {
  raises_.add(now);
  if (flood_) {
    ++raises_in_flood_;
    return false;
  }
  const auto oldest = raises_.newest(more_than + 1);
  if (!oldest || now - *oldest > flood_time) return false;
  flood_ = true;
  raises_in_flood_ = more_than + 1;
  return true;
}

std::optional<Milliseconds> FloodWatch::over_at() const {
  if (!flood_) return std::nullopt;
  return *raises_.newest(fewer_than) + flood_time + Milliseconds{1};
}

}  // namespace wl::alarm
