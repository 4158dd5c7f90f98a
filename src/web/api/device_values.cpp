#include "web/api/device_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace wl::web {
namespace {

constexpr std::string_view status_name = "status";

Trust trust_in(const std::optional<LiveValue>& value) {
  if (!value || value->quality.is_bad()) return Trust::bad;
  return value->quality.is_uncertain() ? Trust::uncertain : Trust::good;
}

void write_state(JsonWriter& json, const PointSpec& point, const LiveValue* value) {
  const std::string_view word = value == nullptr ? "" : word_of(point, value->value);
  if (!word.empty()) {
    json.text(word);
  } else if (point.name == status_name) {
    json.text("offline");
  } else {
    json.null();
  }
}

}  // namespace

std::string_view word_of(const PointSpec& point, double code) {
  const double index = std::round(code);
  if (!(index >= 0) || index >= double(point.words.size())) return {};
  return point.words[static_cast<std::size_t>(index)];
}

void write_device_values(JsonWriter& json, const Plant& plant, DeviceId device,
                         const ValueOf& value_of, Trust best) {
  Trust worst = best;
  for (const PointId id : plant.points_of(device)) {
    const PointSpec& point = plant.point(id);
    const auto value = value_of(id);
    const Trust trust = trust_in(value);
    worst = std::max(worst, trust);
    const LiveValue* usable = trust == Trust::bad ? nullptr : &*value;
    json.key(point.name);
    if (point.kind == PointKind::state) {
      const bool offline = best != Trust::good && point.name == status_name;
      write_state(json, point, offline ? nullptr : usable);
    } else if (usable == nullptr) {
      json.null();
    } else {
      json.number(usable->value);
    }
  }
  constexpr std::array<std::string_view, 3> words{"good", "uncertain", "bad"};
  json.key("quality").text(words[static_cast<std::size_t>(worst)]);
}

}  // namespace wl::web
