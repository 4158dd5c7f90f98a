// GET /api/oee, /api/oee/losses and /api/oee/downtime: their parameters and bodies.
#pragma once

#include <optional>
#include <string>

#include "storage/store.hpp"
#include "web/api/parameters.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

struct OeePageQuery {
  TimeRange range;
  storage::OeePeriod dimension = storage::OeePeriod::hour;
  std::uint64_t page = 1;  ///< From 1; periods ascend in time.
  std::uint64_t page_size = 100;
};

/// start_time (default: a day before the end), end_time (default, and at most: now); dimension:
/// hour (default), day, week, month, shift; page; page_size up to 1,000.
std::expected<OeePageQuery, Problem> parse_oee_query(const std::string& query, Timestamp now);

/// Reads and writes the body; runs on the thread that owns the store. Rates are in per cent, null
/// where their denominator is 0 and never clamped: `performance_flag` says that performance is
/// above 100. `overall` is of the range in whole quarter hours, `data` of whole periods, also where
/// they stick out of it; both are Σ of quarter hours, never means. `current_shift` is null between
/// shifts.
Result<std::string> oee_body(storage::Store& store, const OeePageQuery& query, Timestamp now);

/// start_time and end_time as above.
std::expected<TimeRange, Problem> parse_losses_query(const std::string& query, Timestamp now);

/// The waterfall from planned time that was seen down to the ideal time of good pieces: breakdown,
/// setup, idle, minor stops, reduced speed, start-up rejects, rejects. What is left and the losses
/// add up to it. Reduced speed is negative where performance is above 100 %. `startup`: start-up
/// rejects are told apart; else they are null.
Result<std::string> losses_body(storage::Store& store, const TimeRange& range, bool startup);

struct DowntimeQuery {
  TimeRange range;
  std::optional<OeeElement> cause;
  std::uint64_t page = 1;
  std::uint64_t page_size = 100;
};

/// Of one answer; `truncated` says that the range has more: its oldest are told.
inline constexpr std::size_t most_stops = 20'000;

/// start_time and end_time as above; cause: breakdown, setup, idle or minor_stop (default: all);
/// page; page_size up to 500.
std::expected<DowntimeQuery, Problem> parse_downtime_query(const std::string& query, Timestamp now);

/// Stops, the newest first, and what they add up to by cause.
Result<std::string> downtime_body(storage::Store& store, const DowntimeQuery& query);

}  // namespace wl::web
