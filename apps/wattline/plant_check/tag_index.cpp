#include "apps/wattline/plant_check/tag_index.hpp"

#include <vector>

#include "base/nearest.hpp"

namespace wl::plant_check {

TagIndex::TagIndex(const gateway::GatewayConfig& config) {
  for (const auto& channel : config.channels)
    for (gateway::TagConfig& tag : channel.tags()) tags_.emplace(tag.path, std::move(tag));
}

const gateway::TagConfig* TagIndex::find(const std::string& path) const {
  const auto found = tags_.find(path);
  return found == tags_.end() ? nullptr : &found->second;
}

std::optional<std::string> TagIndex::nearest_to(std::string_view path) const {
  std::vector<std::string_view> names;
  for (const auto& [name, tag] : tags_) names.push_back(name);
  return nearest(path, names);
}

}  // namespace wl::plant_check
