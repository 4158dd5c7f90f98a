#include "storage/historian/oee_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::storage {
namespace {

Interval interval_of(OeePeriod period) {
  switch (period) {
    case OeePeriod::quarter:
      return Interval::quarter;
    case OeePeriod::hour:
      return Interval::hour;
    case OeePeriod::week:
      return Interval::week;
    case OeePeriod::month:
      return Interval::month;
    default:
      return Interval::day;
  }
}

/// A shift is at least a quarter hour long, so the range bounds their number.
Result<std::vector<OeeBucket>> shift_buckets(const OeeQuery& query, const Calendar& calendar,
                                             const ShiftTimes& shifts) {
  // The check of the range, and a bound before anything is made: a day has 96 shifts at most.
  const auto days = calendar.edges(Interval::day, query.from, query.to, query.max_buckets);
  if (!days) return std::unexpected(days.error());
  std::vector<OeeBucket> buckets;
  for (const ShiftTime& shift : shifts.between(query.from, query.to))
    buckets.push_back({.from = shift.from, .to = shift.to, .shift = shift.name});
  if (buckets.size() <= query.max_buckets) return buckets;
  return fail(Errc::invalid_argument,
              fmt::format("the time range has {} shifts, more than {}: ask for a shorter one",
                          buckets.size(), query.max_buckets));
}

}  // namespace

void put_oee(Tables& tables, const OeeEntries& entries) {
  if (!entries.quarters.empty()) tables.put_oee_quarters(entries.quarters);
  if (entries.stops_from) tables.replace_oee_stops(*entries.stops_from, entries.stops);
}

Result<std::vector<OeeBucket>> oee_buckets(const OeeQuery& query, const Calendar& calendar,
                                           const ShiftTimes& shifts) {
  if (query.period == OeePeriod::shift) return shift_buckets(query, calendar, shifts);
  const auto edges =
      calendar.edges(interval_of(query.period), query.from, query.to, query.max_buckets);
  if (!edges) return std::unexpected(edges.error());
  std::vector<OeeBucket> buckets;
  for (std::size_t i = 0; i + 1 < edges->size(); ++i)
    buckets.push_back({.from = (*edges)[i], .to = (*edges)[i + 1]});
  return buckets;
}

OeeAnswer sum_oee(Tables& tables, const OeeQuery& query, std::vector<OeeBucket> buckets) {
  OeeAnswer answer{.buckets = std::move(buckets), .total = {}};
  const Timestamp first = floor_to(query.from, oee_quarter_length);
  Timestamp from = first;
  Timestamp to = query.to;
  if (!answer.buckets.empty()) {
    from = std::min(from, answer.buckets.front().from);
    to = std::max(to, answer.buckets.back().to);
  }
  auto bucket = answer.buckets.begin();
  for (const OeeQuarter& quarter : tables.oee_quarters(from, to)) {
    if (quarter.start >= first && quarter.start < query.to) answer.total += quarter.sums;
    while (bucket != answer.buckets.end() && bucket->to <= quarter.start) ++bucket;
    if (bucket != answer.buckets.end() && bucket->from <= quarter.start)
      bucket->sums += quarter.sums;
  }
  return answer;
}

}  // namespace wl::storage
