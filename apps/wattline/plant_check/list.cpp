#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "apps/wattline/plant_check/plant_check.hpp"
#include "apps/wattline/plant_check/tag_index.hpp"
#include "model/derived_tag.hpp"

namespace wl::plant_check {
namespace {

std::string kind_word(PointKind kind) {
  if (kind == PointKind::state) return "state";
  return kind == PointKind::counter ? "counter" : "measurement";
}

std::string range_of(const PointSpec& point) {
  if (point.high == std::numeric_limits<double>::max()) return "any";
  return fmt::format("{} … {}", point.low, point.high);
}

std::string tag_of(const PointSpec& point, const TagIndex& tags) {
  if (point.tag.empty()) return "-";
  if (is_derived(point.tag)) return point.tag + " (computed)";
  const gateway::TagConfig* tag = tags.find(point.tag);
  return fmt::format("{} ({})", point.tag,
                     tag == nullptr ? "not in gateway.json" : data_type_name(tag->type));
}

}  // namespace

std::string list(const Plant& plant, const gateway::GatewayConfig& gateway) {
  const TagIndex tags(gateway);
  std::string text = fmt::format("{:<14} {:<18} {:<12} {:<6} {:<18} {}\n", "device", "point",
                                 "kind", "unit", "range", "tag");
  for (const PointSpec& point : plant.points) {
    // The three dots are one column and three bytes wide, and fmt counts columns.
    text += fmt::format("{:<14} {:<18} {:<12} {:<6} {:<18} {}\n", plant.device(point.device).id,
                        point.name, kind_word(point.kind), point.unit.empty() ? "-" : point.unit,
                        range_of(point), tag_of(point, tags));
  }
  return text + fmt::format("{} devices, {} points\n", plant.devices.size(), plant.points.size());
}

}  // namespace wl::plant_check
