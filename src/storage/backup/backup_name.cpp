#include "storage/backup/backup_name.hpp"

#include <fmt/format.h>

namespace wl::storage {

std::string backup_stem(Timestamp made_at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(made_at);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{seconds - day};
  return fmt::format("wattline-{:04}{:02}{:02}-{:02}{:02}{:02}", int{date.year()},
                     unsigned{date.month()}, unsigned{date.day()}, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::optional<Timestamp> backup_time(std::string_view file_name) {
  constexpr std::string_view start = "wattline-";
  if (!file_name.starts_with(start) || !file_name.ends_with(backup_extension)) return std::nullopt;
  file_name.remove_prefix(start.size());
  file_name.remove_suffix(backup_extension.size());
  if (file_name.size() != 15 || file_name[8] != '-') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) {
    return std::string(file_name.substr(at, size));
  };
  const auto time = parse_iso8601(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" +
                                  part(9, 2) + ":" + part(11, 2) + ":" + part(13, 2));
  if (!time) return std::nullopt;
  return *time;
}

}  // namespace wl::storage
