// <data>/day_counters.json: what the derived points of a day know over a restart.
#pragma once

#include <filesystem>
#include <string>

#include "apps/settings/settings.hpp"
#include "collector/derive/day_counters.hpp"
#include "storage/rollup/calendar.hpp"

namespace wl {

/// TZ of the settings, or of the plant. Throws StartError for an unknown zone.
storage::Calendar plant_calendar(const Settings& settings, const Plant& plant);

/// Days as that calendar has them.
collector::DayCounters::DayOf local_days(const storage::Calendar& calendar);

/// Read at the start, replaced each minute and at the end. Without it, or when it cannot be read
/// (told in the log), the day counts from the first reading on.
class DayFile {
 public:
  explicit DayFile(const std::filesystem::path& data_dir);

  void read(collector::DayCounters& days) const;
  /// What fails is told once. Any one thread.
  void write(const std::string& text);

 private:
  const std::filesystem::path path_;
  bool failing_ = false;
};

}  // namespace wl
