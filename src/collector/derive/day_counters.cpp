#include "collector/derive/day_counters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "model/derived_tag.hpp"

namespace wl::collector {
namespace {

constexpr double usual_resolution_kwh = 0.1;

double share_after(Timestamp from, Timestamp edge, Timestamp to) {
  if (from >= edge) return 1;
  return static_cast<double>((to - edge).count()) / static_cast<double>((to - from).count());
}

}  // namespace

DayCounters::DayCounters(const Plant& plant, DayOf day_of)
    : plant_(plant), day_of_(std::move(day_of)) {
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    if (const auto counter = counter_of_day(plant, PointId{i})) {
      days_.push_back({.derived = PointId{i}, .counter = *counter, .last = {}, .day = {}});
    }
  }
}

std::vector<DerivedValue> DayCounters::on_sample(const Sample& sample) {
  std::vector<DerivedValue> values;
  for (Day& day : days_) {
    if (day.counter != sample.point) continue;
    if (day.last && sample.source_time <= day.last->at) continue;  // Late: counted already.
    day.good = sample.quality.is_good();
    if (day.good) count(day, {sample.source_time, sample.value});
    if (day.last) values.push_back(value_of(day, sample.quality, sample.source_time));
  }
  return values;
}

std::vector<DerivedValue> DayCounters::on_time(Timestamp now) {
  std::vector<DerivedValue> values;
  for (Day& day : days_) {
    if (!day.good || !day.last || now < day.day.end) continue;
    count(day, {day_of_(now).begin, day.last->value});  // A steady counter sends nothing.
    values.push_back(value_of(day, quality::good, day.day.begin));
  }
  return values;
}

void DayCounters::count(Day& day, const Reading& reading) {
  ++revision_;
  if (!day.last) {
    day.last = reading;
    day.day = day_of_(reading.at);
    day.base = reading.value;
    return;
  }
  const double counted = counted_between(day, reading);
  const bool is_dip = counted == 0 && reading.value < day.last->value;
  const double so_far = day.last->value - day.base;
  const Reading newest{reading.at, is_dip ? day.last->value : reading.value};
  if (reading.at < day.day.end) {
    day.base = newest.value - (so_far + counted);
  } else {
    day.day = day_of_(reading.at);
    day.base = newest.value - counted * share_after(day.last->at, day.day.begin, reading.at);
  }
  day.last = newest;
}

double DayCounters::counted_between(const Day& day, const Reading& reading) const {
  const PointSpec& spec = plant_.point(day.counter);
  const double rise = reading.value - day.last->value;
  if (rise >= 0) return rise;
  if (-rise <= spec.resolution_kwh.value_or(usual_resolution_kwh)) return 0;
  const bool rolls_over = spec.modulus_kwh > 0 && -rise > spec.modulus_kwh / 2;
  return rolls_over ? rise + spec.modulus_kwh : reading.value;
}

DerivedValue DayCounters::value_of(const Day& day, Quality quality, Timestamp at) {
  return {day.derived, {std::max(0.0, day.last->value - day.base), quality, at}};
}

std::string DayCounters::save() const {
  boost::json::object all;
  for (const Day& day : days_) {
    if (!day.last) continue;
    all[plant_.point(day.derived).key] = {{"at", to_unix_ms(day.last->at)},
                                          {"value", day.last->value},
                                          {"base", day.base}};
  }
  return boost::json::serialize(all) + "\n";
}

Result<void> DayCounters::restore(std::string_view saved) {
  std::vector<Day> restored = days_;
  try {
    const boost::json::value all = boost::json::parse(saved);
    for (const auto& [key, state] : all.as_object()) {
      const auto day = std::ranges::find_if(
          restored, [&](const Day& each) { return plant_.point(each.derived).key == key; });
      if (day == restored.end()) continue;
      day->last = {from_unix_ms(state.at("at").to_number<std::int64_t>()),
                   state.at("value").to_number<double>()};
      day->base = state.at("base").to_number<double>();
      day->day = day_of_(day->last->at);
    }
  } catch (const std::exception& error) {
    return fail(Errc::invalid_argument, fmt::format("not what was saved: {}", error.what()));
  }
  days_ = std::move(restored);
  return {};
}

}  // namespace wl::collector
