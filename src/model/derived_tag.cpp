#include "model/derived_tag.hpp"

namespace wl {

bool is_derived(std::string_view tag) {
  return tag.starts_with('=');
}

std::optional<std::string_view> counter_of_day(std::string_view tag) {
  constexpr std::string_view begin = "=day(";
  if (!tag.starts_with(begin) || !tag.ends_with(')')) return std::nullopt;
  return tag.substr(begin.size(), tag.size() - begin.size() - 1);
}

std::optional<PointId> counter_of_day(const Plant& plant, PointId point) {
  const PointSpec& spec = plant.point(point);
  const auto name = counter_of_day(spec.tag);
  if (!name) return std::nullopt;
  const auto counter = plant.find_point(plant.device(spec.device).id + "." + std::string(*name));
  if (!counter || plant.point(*counter).kind != PointKind::counter) return std::nullopt;
  return counter;
}

}  // namespace wl
