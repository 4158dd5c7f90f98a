// Times as they stand in CSV files: on the plant's clocks, with their offset.
#pragma once

#include <string>

#include "base/time.hpp"
#include "storage/rollup/calendar.hpp"

namespace wl::web {

/// `2026-01-01T19:00:00.000+08:00`
std::string plant_time(Timestamp utc, const storage::Calendar& calendar);

}  // namespace wl::web
