#include "collector/held_values.hpp"

#include <cmath>

namespace wl::collector {
namespace {

/// The quality that `number` deserves at `point`.
Quality judge(const PointSpec& point, double number, Quality claimed) {
  if (!std::isfinite(number)) return quality::bad;
  const bool plausible = number >= point.low && number <= point.high;
  return claimed.is_good() && !plausible ? out_of_range : claimed;
}

Timestamp date_of(const DataValue& value, const LiveValue& held, Timestamp received_at) {
  if (value.source_time == Timestamp{}) return received_at;
  const bool in_order = value.source_time > held.source_time;
  // Both behind the held value: the clock was set back, then the source is right again.
  return in_order || received_at <= held.source_time ? value.source_time : received_at;
}

}  // namespace

HeldValues::HeldValues(const Plant& plant)
    : plant_(plant),
      held_(plant.points.size(), LiveValue{.quality = quality::bad_waiting_for_initial_data}) {}

std::optional<Sample> HeldValues::accept(PointId point, const DataValue& value,
                                         Timestamp received_at) {
  LiveValue& held = held_[point.value];
  LiveValue next = held;
  next.quality = value.quality;
  if (!value.quality.is_bad()) {
    const auto number = to_number(value.value);
    if (!number) {
      ++not_numbers_;
      return std::nullopt;
    }
    next.quality = judge(plant_.point(point), *number, value.quality);
    if (!next.quality.is_bad()) next.value = *number;
  }
  const bool same = next == held;
  if (same && value.source_time <= held.source_time) return std::nullopt;
  next.source_time = date_of(value, held, received_at);
  held = next;
  return Sample{.point = point,
                .value = held.value,
                .quality = held.quality,
                .source_time = held.source_time};
}

}  // namespace wl::collector
