// Which gateway tag feeds which points.
#pragma once

#include <string>
#include <vector>

#include "model/plant.hpp"

namespace wl {

/// One monitored item a tag, even when several points take their value from it. Points without a
/// tag are not collected.
struct TagMap {
  std::vector<std::string> node_ids;         ///< `ns=2;s=<tag>`, by item.
  std::vector<std::vector<PointId>> points;  ///< By item.
};

TagMap map_tags(const Plant& plant);

}  // namespace wl
