#include "apps/collector/day_file.hpp"

#include <spdlog/spdlog.h>

#include "base/durable_file.hpp"

namespace wl {

storage::Calendar plant_calendar(const Settings& settings, const Plant& plant) {
  const std::string& zone = settings.time_zone.empty() ? plant.time_zone : settings.time_zone;
  auto calendar = storage::Calendar::of(zone.empty() ? "UTC" : zone);
  if (!calendar) throw StartError(calendar.error().what);
  return std::move(*calendar);
}

collector::DayCounters::DayOf local_days(const storage::Calendar& calendar) {
  return [calendar](Timestamp at) {
    const auto date = calendar.local_date(at);
    const std::chrono::minutes midnight{0};
    return collector::LocalDay{calendar.at_local(date, midnight),
                               calendar.at_local(date + std::chrono::days{1}, midnight)};
  };
}

DayFile::DayFile(const std::filesystem::path& data_dir) : path_(data_dir / "day_counters.json") {}

void DayFile::read(collector::DayCounters& days) const {
  const auto text = read_file(path_);
  if (!text && text.error().code == Errc::not_found) return;
  const Result<void> restored = text ? days.restore(*text) : std::unexpected(text.error());
  if (restored) return;
  const std::filesystem::path aside = path_.string() + ".unreadable";
  std::error_code failed;
  std::filesystem::rename(path_, aside, failed);
  spdlog::error("{}: {}; {}, the sums of this day count from now on", path_.string(),
                restored.error().what,
                failed ? "it could not be moved aside (" + failed.message() + ")"
                       : "kept as " + aside.filename().string());
}

void DayFile::write(const std::string& text) {
  const auto written = write_file(path_, text, Durability::synced, 0600);
  if (!written && !failing_) spdlog::error("{}; trying again each minute", written.error().what);
  if (written && failing_) spdlog::info("{} is written again", path_.string());
  failing_ = !written;
}

}  // namespace wl
