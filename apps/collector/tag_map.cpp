#include "apps/collector/tag_map.hpp"

#include <algorithm>

#include "model/derived_tag.hpp"

namespace wl {

TagMap map_tags(const Plant& plant) {
  TagMap map;
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    const std::string& tag = plant.points[i].tag;
    if (tag.empty() || is_derived(tag)) continue;
    const std::string node_id = "ns=2;s=" + tag;
    const auto known = std::ranges::find(map.node_ids, node_id);
    const auto item = static_cast<std::size_t>(known - map.node_ids.begin());
    if (known == map.node_ids.end()) {
      map.node_ids.push_back(node_id);
      map.points.emplace_back();
    }
    map.points[item].push_back(PointId{i});
  }
  return map;
}

}  // namespace wl
