// wattline db check: is what is stored whole, and does it agree with itself?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "storage/store.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

enum class CheckDepth {
  sample,  ///< Rollups are compared with raw samples for one stored hour in 50.
  full,    ///< For every hour that still has its raw samples.
};

struct CheckReport {
  std::uint64_t chunks = 0;
  std::uint64_t hot_parts = 0;
  std::uint64_t samples = 0;
  std::uint64_t hours_compared = 0;  ///< Hours of a point whose rollups were computed again.
  std::uint64_t energy_days = 0;
  std::uint64_t oee_quarters = 0;
  std::uint64_t oee_stops = 0;
  std::uint64_t link_intervals = 0;
  std::uint64_t alarms = 0;
  std::uint64_t fault_count = 0;
  std::vector<std::string> faults;  ///< The first 100, each with its place.
  std::vector<std::string> notes;   ///< What looks odd and is explained; 100 at most.

  std::uint64_t repair_count = 0;
  std::vector<std::string> repairs;  ///< What was wrong and is mended; the first 100.

  bool sound() const { return fault_count == 0; }
};

/// Told often; false: stop (`unavailable`).
using CheckProgress = std::function<bool(const std::string& doing)>;

/// Reads while others write: each point is one snapshot. Memory: one point's hour, one device's 30
/// days, a year of the line's quarter hours. Nothing is changed.
///
/// - the engine's own check,
/// - every chunk and hot part: checksums, times inside its hour, a known point,
/// - rollups of 1 min, 15 min and 1 h against the raw samples,
/// - packed energy days against the rows of the ledger,
/// - the ledger's sum against the counter: Σ = last − first, plus what meter events name,
/// - link intervals: disjoint, none reversed,
/// - alarms: the state of each row agrees with its times,
/// - OEE: time elements add up to the planned time; stops are disjoint.
Result<CheckReport> check_database(const DatabaseOptions& options, const Plant& plant,
                                   CheckDepth depth, const CheckProgress& progress);

/// The same with CheckDepth::full, and rollups that differ from their raw samples are computed
/// again, those of hours that are not folded yet too, and with them the rows behind the SQL views.
/// An hour is one transaction. All other faults stay.
///
/// Precondition: no process writes samples.
Result<CheckReport> repair_database(const DatabaseOptions& options, const Plant& plant,
                                    const CheckProgress& progress);

/// check_database() on open rows.
Result<CheckReport> check_rows(Tables& tables, const Plant& plant, CheckDepth depth,
                               const CheckProgress& progress);

}  // namespace wl::storage
