// The thresholds that a new installation begins with.
#pragma once

#include <string>
#include <vector>

#include "model/alarm_row.hpp"

namespace wl::storage {

/// Normal running of the line that comes with Wattline raises none of them; its overload episodes
/// raise a few a day.
std::vector<ThresholdRow> default_thresholds();

/// How the database remembers that it was given one: `conveyor.power_kw warning`.
std::string default_threshold_name(const ThresholdRow& row);

}  // namespace wl::storage
