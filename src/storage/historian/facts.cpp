#include "storage/historian/facts.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace wl::storage::facts {
namespace {

Timestamp time_of(std::string_view text, const char* name) {
  std::int64_t ms = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, ms);
  if (read.ec != std::errc{} || read.ptr != end) {
    throw DatabaseError({Errc::corrupt, fmt::format("the fact '{}' of the database is not a time: "
                                                    "'{}'. Restore a backup with `wattline "
                                                    "restore`",
                                                    name, text)});
  }
  return from_unix_ms(ms);
}

}  // namespace

std::optional<Timestamp> read_time(Tables& tables, const char* name) {
  const auto text = tables.fact(name);
  if (!text) return std::nullopt;
  return time_of(*text, name);
}

void put_time(Tables& tables, const char* name, Timestamp time) {
  tables.put_fact(name, fmt::format("{}", to_unix_ms(time)));
}

Timestamp raise_time(Tables& tables, const char* name, Timestamp time) {
  const auto stands = read_time(tables, name);
  if (stands && *stands >= time) return *stands;
  put_time(tables, name, time);
  return time;
}

std::optional<Extent> read_extent(Tables& tables) {
  const auto text = tables.fact(extent);
  if (!text) return std::nullopt;
  const std::size_t blank = text->find(' ');
  const std::string_view all = *text;
  return Extent{time_of(all.substr(0, blank), extent),
                time_of(blank == std::string::npos ? "" : all.substr(blank + 1), extent)};
}

void put_extent(Tables& tables, const Extent& range) {
  tables.put_fact(extent, fmt::format("{} {}", to_unix_ms(range.first), to_unix_ms(range.second)));
}

}  // namespace wl::storage::facts
