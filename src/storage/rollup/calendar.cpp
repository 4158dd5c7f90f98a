#include "storage/rollup/calendar.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/nearest.hpp"

namespace wl::storage {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr Timestamp first_time = sys_days{std::chrono::year{1} / 1 / 1};
constexpr Timestamp end_time = sys_days{std::chrono::year{10'000} / 1 / 1};
/// No period is longer, so none that touches a range begins or ends farther away from it.
constexpr days longest_period{32};
constexpr Milliseconds edge_step = std::chrono::minutes{15};

/// Fixed lengths in UTC; nothing for what the calendar decides.
std::optional<Milliseconds> fixed_length(Interval interval) {
  switch (interval) {
    case Interval::minute:
      return bucket_length(Tier::minute);
    case Interval::quarter:
      return bucket_length(Tier::quarter);
    case Interval::hour:
      return bucket_length(Tier::hour);
    default:
      return std::nullopt;
  }
}

sys_days next_period(Interval interval, sys_days period) {
  if (interval == Interval::day) return period + days{1};
  if (interval == Interval::week) return period + days{7};
  return sys_days{year_month_day{period} + std::chrono::months{1}};
}

Result<void> check_range(Timestamp from, Timestamp to) {
  if (from < first_time || to > end_time || from >= end_time || to <= first_time)
    return fail(Errc::invalid_argument, "the time range reaches outside of the years 1 to 9999");
  if (from >= to)
    return fail(Errc::invalid_argument,
                fmt::format("the time range ends at {}, which is not after its begin {}",
                            to_iso8601(to), to_iso8601(from)));
  return {};
}

std::unexpected<Error> too_many(Interval interval, Timestamp from, Timestamp to,
                                std::size_t max_buckets) {
  return fail(Errc::invalid_argument,
              fmt::format("{} to {} has more than {} buckets of one {}: ask for a shorter time "
                          "range or a longer interval",
                          to_iso8601(from), to_iso8601(to), max_buckets, name_of(interval)));
}

std::unexpected<Error> unknown_zone(const std::string& name, const date::tzdb& database) {
  std::vector<std::string_view> names;
  for (const date::time_zone& zone : database.zones) names.push_back(zone.name());
  const auto near = nearest(name, names);
  return fail(Errc::invalid_argument,
              fmt::format("time zone '{}' is not known: {}", name,
                          near ? fmt::format("did you mean '{}'?", *near)
                               : "give an IANA name such as Europe/Berlin or Asia/Shanghai"));
}

const date::time_zone* find_zone(const std::string& name, const date::tzdb& database) {
  const auto zone = std::ranges::find_if(
      database.zones, [&](const date::time_zone& known) { return known.name() == name; });
  return zone == database.zones.end() ? nullptr : &*zone;
}

}  // namespace

std::string_view name_of(Interval interval) {
  constexpr std::array<std::string_view, 6> names{"minute", "quarter", "hour",
                                                  "day",    "week",    "month"};
  return names[static_cast<std::size_t>(interval)];
}

Result<Calendar> Calendar::of(const std::string& iana_zone) {
  if (iana_zone == "UTC" || iana_zone == "Etc/UTC") return Calendar(nullptr);
  try {
    const date::tzdb& database = date::get_tzdb();
    const date::time_zone* zone = find_zone(iana_zone, database);
    if (zone == nullptr) return unknown_zone(iana_zone, database);
    zone->get_info(std::chrono::sys_seconds{});  // Reads the zone's file.
    return Calendar(zone);
  } catch (const std::exception& error) {
    return fail(Errc::unavailable,
                fmt::format("the rules of time zone '{}' could not be read ({}): install the "
                            "package tzdata",
                            iana_zone, error.what()));
  }
}

Timestamp Calendar::midnight(sys_days local_date) const {
  const std::chrono::sys_seconds shown{local_date};
  if (zone_ == nullptr) return shown;
  const date::local_seconds local{shown.time_since_epoch()};
  return floor_to(zone_->to_sys(local, date::choose::earliest), edge_step);
}

Timestamp Calendar::at_local(sys_days date, std::chrono::minutes of_day) const {
  const std::chrono::sys_seconds shown = date + of_day;
  if (zone_ == nullptr) return shown;
  const date::local_seconds local{shown.time_since_epoch()};
  return zone_->to_sys(local, date::choose::earliest);
}

std::chrono::seconds Calendar::offset_at(Timestamp at) const {
  if (zone_ == nullptr) return std::chrono::seconds{0};
  return zone_->get_info(std::chrono::floor<std::chrono::seconds>(at)).offset;
}

sys_days Calendar::local_date(Timestamp at) const {
  return std::chrono::floor<days>(at + offset_at(at));
}

sys_days Calendar::period_of(Interval interval, Timestamp at) const {
  sys_days date = local_date(at);
  if (interval == Interval::week)
    date -= std::chrono::weekday{date} - std::chrono::Monday;
  else if (interval == Interval::month)
    date -= days{static_cast<unsigned>(year_month_day{date}.day()) - 1};
  // A clock that is put back at 00:01 shows the end of a date again after the next one began.
  const sys_days next = next_period(interval, date);
  return midnight(next) <= at ? next : date;
}

Result<std::vector<Timestamp>> Calendar::edges(Interval interval, Timestamp from, Timestamp to,
                                               std::size_t max_buckets) const {
  if (const auto checked = check_range(from, to); !checked) return std::unexpected(checked.error());
  std::vector<Timestamp> edges;
  if (const auto length = fixed_length(interval)) {
    edges.push_back(floor_to(from, *length));
    const auto span = static_cast<std::uint64_t>((to - edges.front()).count());
    const auto whole = static_cast<std::uint64_t>(length->count());
    if ((span + whole - 1) / whole > max_buckets) return too_many(interval, from, to, max_buckets);
    while (edges.back() < to) edges.push_back(edges.back() + *length);
    return edges;
  }
  sys_days period = period_of(interval, from);
  edges.push_back(midnight(period));
  while (edges.back() < to) {
    if (edges.size() > max_buckets) return too_many(interval, from, to, max_buckets);
    period = next_period(interval, period);
    const Timestamp edge = midnight(period);
    if (edge > edges.back()) edges.push_back(edge);  // Samoa had no 30 December 2011.
  }
  return edges;
}

Tier Calendar::tier_for(Interval interval, Timestamp from, Timestamp to) const {
  if (interval == Interval::minute) return Tier::minute;
  if (interval == Interval::quarter) return Tier::quarter;
  if (interval == Interval::hour || zone_ == nullptr) return Tier::hour;
  const auto end = std::chrono::floor<std::chrono::seconds>(std::clamp(to, first_time, end_time)) +
                   longest_period;
  auto at = std::chrono::floor<std::chrono::seconds>(std::clamp(from, first_time, end_time)) -
            longest_period;
  while (at < end) {
    const date::sys_info info = zone_->get_info(at);
    if (info.offset % std::chrono::hours{1} != std::chrono::seconds{0}) return Tier::quarter;
    at = info.end;
  }
  return Tier::hour;
}

Interval Calendar::finest(Timestamp from, Timestamp to, std::size_t max_buckets) const {
  using enum Interval;
  for (const Interval interval : {minute, quarter, hour, day, week})
    if (edges(interval, from, to, max_buckets)) return interval;
  return month;
}

}  // namespace wl::storage
