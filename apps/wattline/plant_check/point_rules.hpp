// What a point must fulfil by itself, and to be fed by a tag.
#pragma once

#include <string>
#include <vector>

#include "apps/wattline/plant_check/plant_check.hpp"

namespace wl::plant_check {

struct Verdict {
  Weight weight = Weight::error;
  std::string text;
};

std::vector<Verdict> judge(const PointSpec& point, const DeviceSpec& device);
std::vector<Verdict> judge(const PointSpec& point, const gateway::TagConfig& tag);

}  // namespace wl::plant_check
