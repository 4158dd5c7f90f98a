#include "web/api/plant_time.hpp"

#include <fmt/format.h>

namespace wl::web {

std::string plant_time(Timestamp utc, const storage::Calendar& calendar) {
  const auto offset = calendar.offset_at(utc);
  std::string text = to_iso8601(utc + offset);
  text.pop_back();  // Z
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  const auto size = minutes < 0 ? -minutes : minutes;
  return text + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace wl::web
