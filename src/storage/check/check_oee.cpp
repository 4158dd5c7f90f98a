// The OEE: time elements add up to the planned time, stops follow each other.
#include <fmt/format.h>

#include "storage/check/findings.hpp"
#include "storage/historian/facts.hpp"

namespace wl::storage::check {
namespace {

constexpr Timestamp last_time{Milliseconds{std::int64_t{1} << 60}};
constexpr Timestamp first_time{-Milliseconds{std::int64_t{1} << 60}};
constexpr Milliseconds slice = std::chrono::days{366};  ///< 35,136 quarters of 136 bytes.
constexpr std::size_t most_stops = 10'000;              ///< Read at a time.

void check_quarter(const OeeQuarter& quarter, Findings& findings) {
  ++findings.report.oee_quarters;
  const OeeSums& sums = quarter.sums;
  const std::int64_t elements = sums.running_ms + sums.minor_stop_ms + sums.breakdown_ms +
                                sums.setup_ms + sums.idle_ms + sums.unknown_ms;
  const std::string place = "OEE of the quarter hour " + to_iso8601(quarter.start);
  if (elements != sums.planned_ms)
    findings.fault(fmt::format("{}: its time elements are {} ms, planned are {} ms", place,
                               elements, sums.planned_ms));
  if (sums.planned_ms + sums.free_break_ms > oee_quarter_length.count())
    findings.fault(fmt::format("{}: it has more than 15 minutes", place));
  if (sums.rated_produced > sums.produced || sums.rated_rejected > sums.rejected)
    findings.fault(fmt::format("{}: more pieces are rated than were counted", place));
}

void check_stop(const OeeStop& stop, const std::optional<OeeStop>& before, Findings& findings) {
  ++findings.report.oee_stops;
  const std::string place = "stop of the line at " + to_iso8601(stop.start);
  if (stop.end && *stop.end <= stop.start) findings.fault(place + ": it ends before it begins");
  if (stop.end && stop.length_ms > (*stop.end - stop.start).count())
    findings.fault(place + ": it is longer than from its begin to its end");
  if (before && (!before->end || *before->end > stop.start))
    findings.fault(fmt::format("{}: it overlaps the one at {}", place, to_iso8601(before->start)));
}

}  // namespace

void check_oee(Tables& tables, Findings& findings) {
  const auto extent = facts::read_extent(tables);
  if (!extent) return;
  for (Timestamp from = extent->first - slice; from < extent->second + slice; from += slice) {
    findings.doing("checking the OEE of the line");
    for (const OeeQuarter& quarter : tables.oee_quarters(from, from + slice))
      check_quarter(quarter, findings);
  }
  std::optional<OeeStop> before;
  for (Timestamp from = first_time;;) {
    findings.doing("checking the stops of the line");
    const auto stops = tables.oee_stops(from, last_time, most_stops);
    for (const OeeStop& stop : stops) {
      if (before && stop.start <= before->start) continue;
      check_stop(stop, before, findings);
      before = stop;
    }
    if (stops.size() < most_stops) return;
    from = stops.back().start;
  }
}

}  // namespace wl::storage::check
