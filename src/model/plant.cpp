#include "model/plant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/json_file.hpp"
#include "base/quantity.hpp"
#include "model/derived_tag.hpp"

namespace wl {
namespace {

struct KindDefaults {
  std::string_view word;
  PointKind kind;
};

constexpr std::array kinds{KindDefaults{"measurement", PointKind::measurement},
                           KindDefaults{"counter", PointKind::counter},
                           KindDefaults{"state", PointKind::state}};

bool is_identifier(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && std::ranges::all_of(text, allowed);
}

LocalText read_local_text(const JsonCursor& place) {
  place.allow_only({"zh-CN", "en"});
  return {place.at("zh-CN").text(), place.at("en").text()};
}

std::string read_identifier(const JsonCursor& place) {
  const std::string id = place.text();
  if (!id.empty() && !is_identifier(id)) {
    place.problem(fmt::format("'{}' may hold only a-z, 0-9 and _", id));
  }
  return id;
}

PointKind read_kind(const JsonCursor& place) {
  const std::string word = place.text();
  const auto kind = std::ranges::find(kinds, std::string_view(word), &KindDefaults::word);
  if (kind != kinds.end()) return kind->kind;
  place.problem(fmt::format("'{}' is not measurement, counter or state", word));
  return PointKind::measurement;
}

/// How the meter behind an energy counter counts.
void read_meter(const JsonCursor& place, PointSpec& point) {
  constexpr double highest_kwh = 1e9;
  const auto resolution = place.find("resolution_kwh");
  const auto modulus = place.find("modulus_kwh");
  if (!resolution && !modulus) return;
  if (point.kind != PointKind::counter || point.name != "energy_kwh")
    place.problem("'resolution_kwh' and 'modulus_kwh' belong to the counter 'energy_kwh' only");
  if (resolution) point.resolution_kwh = resolution->number(0, highest_kwh);
  if (modulus) point.modulus_kwh = modulus->number(1, highest_kwh);
  if (modulus && point.resolution_kwh.value_or(0) * 100 > point.modulus_kwh)
    place.problem("'modulus_kwh' must be at least 100 times 'resolution_kwh'");
}

/// `30min`; a bare number in quotes counts seconds.
Milliseconds read_duration(const JsonCursor& place, Milliseconds low, Milliseconds high) {
  const std::string text = place.text();
  if (text.empty()) return low;
  const auto duration = parse_duration(text, Milliseconds{1000});
  if (!duration) {
    place.problem(duration.error().what);
    return low;
  }
  if (*duration < low || *duration > high)
    place.problem(fmt::format("'{}' is not between {} s and {} s", text, low.count() / 1000,
                              high.count() / 1000));
  return *duration;
}

/// What makes a number within its range doubtful.
void read_doubts(const JsonCursor& place, PointSpec& point) {
  constexpr double fastest = 1e12;
  if (const auto rate = place.find("max_rate")) {
    point.max_rate = rate->number(0, fastest);
    if (point.kind != PointKind::measurement)
      rate->problem("'max_rate' belongs to a measurement: the ledger judges how a counter moves");
    else if (point.max_rate == 0)
      rate->problem("'max_rate' must be above 0; leave it out to allow any change");
  }
  if (const auto stuck = place.find("stuck_after")) {
    point.stuck_after = read_duration(*stuck, std::chrono::seconds{10}, std::chrono::days{366});
    if (point.kind == PointKind::state)
      stuck->problem("a state may stay as it is: 'stuck_after' belongs to numbers");
  }
}

PointSpec read_point(const JsonCursor& place, DeviceId device, const std::string& device_id) {
  place.allow_only({"name", "tag", "kind", "unit", "low", "high", "words", "resolution_kwh",
                    "modulus_kwh", "max_rate", "stuck_after"});
  constexpr double any = std::numeric_limits<double>::max();
  PointSpec point;
  point.name = read_identifier(place.at("name"));
  point.key = fmt::format("{}.{}", device_id, point.name);
  point.device = device;
  point.kind = read_kind(place.at("kind"));
  point.tag = place.at("tag").text();
  if (const auto unit = place.find("unit")) point.unit = unit->text();
  read_meter(place, point);
  read_doubts(place, point);
  if (const auto words = place.find("words")) {
    for (const auto& word : words->items()) point.words.push_back(word.text());
  }
  if (point.kind == PointKind::state) {
    if (point.words.empty()) place.problem("a state needs 'words', one for each code from 0");
    point.high = double(point.words.size()) - 1;
    return point;
  }
  point.high = any;
  if (const auto low = place.find("low")) point.low = low->number(-any, any);
  if (const auto high = place.find("high")) point.high = high->number(-any, any);
  if (point.low >= point.high) place.problem("'low' must be below 'high'");
  return point;
}

DeviceSpec read_device(const JsonCursor& place) {
  place.allow_only({"id", "name", "description", "type", "rated_power_kw", "points", "commands"});
  DeviceSpec device;
  device.id = read_identifier(place.at("id"));
  device.name = read_local_text(place.at("name"));
  if (const auto text = place.find("description")) device.description = read_local_text(*text);
  device.type = place.at("type").text();
  if (const auto rated = place.find("rated_power_kw"))
    device.rated_power_kw = rated->number(0, 1e6);
  return device;
}

void read_devices(const JsonCursor& list, Plant& plant) {
  for (const auto& place : list.items()) {
    DeviceSpec device = read_device(place);
    if (plant.find_device(device.id)) {
      place.problem(fmt::format("device '{}' stands twice", device.id));
    }
    const DeviceId id{static_cast<std::uint32_t>(plant.devices.size())};
    plant.devices.push_back(device);
    for (const auto& point_place : place.at("points").items()) {
      PointSpec point = read_point(point_place, id, device.id);
      if (plant.find_point(point.key)) {
        point_place.problem(fmt::format("point '{}' stands twice", point.key));
      }
      plant.points.push_back(std::move(point));
    }
  }
}

/// `tag` of a point that no gateway serves.
void check_expression(const JsonCursor& place, const Plant& plant, PointId id) {
  const PointSpec& point = plant.point(id);
  const auto counter = counter_of_day(point.tag);
  const std::string& device = plant.device(point.device).id;
  if (!counter) {
    place.at("tag").problem(
        fmt::format("'{}' is no expression: =day(<counter>) is the only one", point.tag));
  } else if (!counter_of_day(plant, id)) {
    place.at("tag").problem(fmt::format("device '{}' has no counter '{}'", device, *counter));
  }
  if (point.kind != PointKind::measurement)
    place.at("kind").problem("=day() is a measurement: it begins at 0 again each midnight");
}

void check_derived(const JsonCursor& devices, const Plant& plant) {
  std::uint32_t index = 0;
  for (const auto& device : devices.items()) {
    for (const auto& point : device.at("points").items()) {
      const PointId id{index++};
      if (is_derived(plant.point(id).tag)) check_expression(point, plant, id);
    }
  }
}

template <class T>
std::optional<StrongId<T>> index_where(const auto& list, auto&& matches) {
  const auto found = std::ranges::find_if(list, matches);
  if (found == list.end()) return std::nullopt;
  return StrongId<T>{static_cast<std::uint32_t>(found - list.begin())};
}

}  // namespace

std::optional<DeviceId> Plant::find_device(std::string_view id) const {
  return index_where<DeviceIdTag>(devices, [&](const DeviceSpec& d) { return d.id == id; });
}

std::optional<PointId> Plant::find_point(std::string_view key) const {
  return index_where<PointIdTag>(points, [&](const PointSpec& p) { return p.key == key; });
}

std::vector<PointId> Plant::points_of(DeviceId device) const {
  std::vector<PointId> found;
  for (std::uint32_t i = 0; i < points.size(); ++i) {
    if (points[i].device == device) found.push_back(PointId{i});
  }
  return found;
}

Result<Plant> parse_plant(std::string text, const std::string& file_name) {
  auto document = JsonDocument::parse(std::move(text), file_name);
  if (!document) return std::unexpected(document.error());
  const auto root = (*document)->root();
  root.allow_only({"name", "time_zone", "clock_tolerance", "devices", "oee"});
  Plant plant;
  plant.name = read_local_text(root.at("name"));
  plant.time_zone = root.at("time_zone").text();
  if (const auto place = root.find("clock_tolerance"))
    plant.clock_tolerance = read_duration(*place, std::chrono::seconds{1}, std::chrono::hours{1});
  read_devices(root.at("devices"), plant);
  if ((*document)->problems().empty()) check_derived(root.at("devices"), plant);
  plant.oee = read_oee_spec(root, plant);
  if (auto verdict = (*document)->verdict(); !verdict) return std::unexpected(verdict.error());
  return plant;
}

}  // namespace wl
