#include "collector/clean/counts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::collector {
namespace {

CleaningCounts::Worst judged(PointId point, const CleaningSums& sums) {
  CleaningCounts::Worst worst{.point = point};
  std::uint64_t highest = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (!cleaning_table[i].doubtful) continue;
    worst.doubtful += sums[i];
    if (sums[i] > highest) worst.most = static_cast<CleaningReason>(i);
    highest = std::max(highest, sums[i]);
  }
  return worst;
}

/// `{}` when all are 0. Keys of ours and of plant.json need no escaping.
std::string object_of(const CleaningSums& sums) {
  std::string text;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i] == 0) continue;
    text += fmt::format(R"({}"{}":{})", text.empty() ? "" : ",", cleaning_table[i].key, sums[i]);
  }
  return "{" + text + "}";
}

}  // namespace

void CleaningCounts::add(PointId point, CleaningReason reason) {
  ++of_point_[point.value][static_cast<std::size_t>(reason)];
  ++sums_[static_cast<std::size_t>(reason)];
}

std::vector<CleaningCounts::Worst> CleaningCounts::worst(std::size_t most) const {
  std::vector<Worst> all;
  for (std::uint32_t i = 0; i < of_point_.size(); ++i) {
    const Worst one = judged(PointId{i}, of_point_[i]);
    if (one.doubtful > 0) all.push_back(one);
  }
  const auto count = std::min(most, all.size());
  std::ranges::partial_sort(
      all, all.begin() + static_cast<std::ptrdiff_t>(count), [](const Worst& a, const Worst& b) {
        return a.doubtful != b.doubtful ? a.doubtful > b.doubtful : a.point.value < b.point.value;
      });
  all.resize(count);
  return all;
}

std::string worst_words(const Plant& plant, const std::vector<CleaningCounts::Worst>& worst) {
  std::string text;
  for (const CleaningCounts::Worst& one : worst) {
    text += fmt::format("{}{} {} ({})", text.empty() ? "" : ", ", plant.point(one.point).key,
                        one.doubtful, words_of(one.most).key);
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> details(const Plant& plant,
                                                         const CleaningCounts& counts) {
  constexpr std::size_t most_points = 5;
  std::vector<std::pair<std::string, std::string>> figures;
  for (std::size_t i = 0; i < counts.sums().size(); ++i) {
    if (counts.sums()[i] == 0) continue;
    figures.emplace_back(fmt::format("cleaned_{}", cleaning_table[i].key),
                         fmt::to_string(counts.sums()[i]));
  }
  const auto worst = counts.worst(most_points);
  if (!worst.empty()) figures.emplace_back("worst_points", worst_words(plant, worst));
  return figures;
}

std::string to_json(const Plant& plant, const CleaningCounts& counts) {
  std::string points;
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    CleaningSums sums{};
    for (std::size_t reason = 0; reason < sums.size(); ++reason)
      sums[reason] = counts.of(PointId{i}, static_cast<CleaningReason>(reason));
    const std::string object = object_of(sums);
    if (object == "{}") continue;
    points += fmt::format(R"({}"{}":{})", points.empty() ? "" : ",", plant.points[i].key, object);
  }
  return fmt::format(R"({{"sums":{},"points":{{{}}}}})", object_of(counts.sums()), points);
}

}  // namespace wl::collector
