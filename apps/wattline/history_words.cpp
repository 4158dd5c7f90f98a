#include "apps/wattline/history_words.hpp"

#include <fmt/format.h>

#include "base/durable_file.hpp"
#include "base/nearest.hpp"

namespace wl::command {
namespace {

std::optional<Timestamp> parse_time(std::string_view option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = parse_iso8601(text);
  if (!time) throw StartError(fmt::format("{}: {}", option, time.error().what));
  return *time;
}

[[noreturn]] void refuse_point(const std::string& word, const Plant& plant) {
  std::vector<std::string_view> keys;
  for (const PointSpec& point : plant.points) keys.push_back(point.key);
  const auto guess = nearest(word, keys);
  throw StartError(fmt::format("there is no point '{}'{}", word,
                               guess ? fmt::format("; did you mean {}?", *guess)
                                     : std::string("; config/plant.json lists them")));
}

void add_points(const std::string& word, const Plant& plant, std::vector<PointId>& points) {
  const bool all = word.ends_with(".*");
  const std::string device = all ? word.substr(0, word.size() - 2) : "";
  const std::size_t before = points.size();
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    const PointSpec& point = plant.points[i];
    const bool wanted = all ? plant.device(point.device).id == device : point.key == word;
    if (wanted) points.push_back(PointId{i});
  }
  if (points.size() == before) refuse_point(word, plant);
}

}  // namespace

Plant read_plant(const Settings& settings) {
  auto text = read_file(settings.plant_config());
  if (!text) throw StartError(text.error().what);
  auto plant = parse_plant(std::move(*text), settings.plant_config().string());
  if (!plant) throw StartError(plant.error().what);
  return std::move(*plant);
}

HistoryPart parse_part(const HistoryWords& words) {
  HistoryPart part;
  for (std::size_t start = 0; start < words.points.size();) {
    const std::size_t end = std::min(words.points.find(',', start), words.points.size());
    if (end > start) part.keys.push_back(words.points.substr(start, end - start));
    start = end + 1;
  }
  part.from = parse_time("--from", words.from);
  part.to = parse_time("--to", words.to);
  return part;
}

HistoryPart parse_part(const HistoryWords& words, const Plant& plant) {
  HistoryPart part = parse_part(words);
  for (const std::string& key : part.keys) add_points(key, plant, part.points);
  for (std::uint32_t i = 0; part.keys.empty() && i < plant.points.size(); ++i) {
    part.points.push_back(PointId{i});
  }
  return part;
}

}  // namespace wl::command
