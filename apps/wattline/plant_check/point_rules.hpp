// What a point must fulfil by itself and to be fed by a tag, and a command to be written to one.
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
std::vector<Verdict> judge(const CommandSpec& command, const gateway::TagConfig& tag);

}  // namespace wl::plant_check
