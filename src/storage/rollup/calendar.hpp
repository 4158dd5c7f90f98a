// Where the buckets of an answer begin: minutes to hours in UTC, days, weeks and months as the
// clocks of the plant show them.
//
// Rules of the zones come from the system (Debian's tzdata). They end with 2037: later summers have
// winter time.
//
// Pure apart from reading the zone once; any thread may call it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/rollup/bucket.hpp"
#include "storage/store.hpp"

namespace date {
class time_zone;
}

namespace wl::storage {

class Calendar {
 public:
  /// `iana_zone`: "Europe/Berlin", "UTC" … UTC needs no tzdata. invalid_argument names the nearest
  /// zone; unavailable: no tzdata on this machine.
  static Result<Calendar> of(const std::string& iana_zone);

  /// The n + 1 edges of the n whole buckets that cover [from, to). A day begins when its date
  /// does: mostly at 00:00, at 01:00 where the clock skips that hour. Weeks begin on Monday. Where
  /// a zone is off by less than a quarter of an hour (before 1973), edges are moved back to one.
  /// invalid_argument: from >= to, years outside of 1 to 9999, more than `max_buckets`.
  Result<std::vector<Timestamp>> edges(Interval interval, Timestamp from, Timestamp to,
                                       std::size_t max_buckets) const;

  /// The coarsest tier whose buckets fit between those edges: hours for days, weeks and months
  /// where the zone is off UTC by whole hours all the time, else quarters.
  Tier tier_for(Interval interval, Timestamp from, Timestamp to) const;

  /// The finest interval with at most `max_buckets` for [from, to); month if there is none.
  Interval finest(Timestamp from, Timestamp to, std::size_t max_buckets) const;

  /// The date that the clocks of the zone show.
  std::chrono::sys_days local_date(Timestamp at) const;
  /// When they show this time of this date; the first time where they show it twice, the end of the
  /// hour that is skipped where they do not. `of_day` may reach into other days.
  Timestamp at_local(std::chrono::sys_days date, std::chrono::minutes of_day) const;

  /// What the clocks of the zone are ahead of UTC.
  std::chrono::seconds offset_at(Timestamp at) const;

 private:
  explicit Calendar(const date::time_zone* zone) : zone_(zone) {}

  Timestamp midnight(std::chrono::sys_days local_date) const;
  std::chrono::sys_days period_of(Interval interval, Timestamp at) const;

  const date::time_zone* zone_;  ///< nullptr: UTC. Lives as long as the process.
};

/// `minute`, `quarter`, `hour`, `day`, `week`, `month`.
std::string_view name_of(Interval interval);

}  // namespace wl::storage
