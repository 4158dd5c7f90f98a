// The daily partitions of the table `chunks`.
//
// Retention removes whole days: DROP PARTITION takes 25 ms for a million rows, DELETE of a sixth
// of that 880 ms. A partition holds the hours below its bound and from the one before on; the last
// has no bound. So every hour has a place at any time, a day that has no partition of its own lies
// in a longer one, and splitting is upkeep, never a condition for writing.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "storage/mysql/connection.hpp"

namespace wl::storage::mysql {

/// A day by its number since 1970, UTC.
using Day = std::int64_t;

Day day_of(Timestamp hour);
Timestamp start_of(Day day);

/// A partition is named by its bound, so names are as unique as bounds: `to_19675`, `to_m3`
/// (before 1970), `rest` without a bound.
std::string partition_name(std::optional<Day> bound);
std::optional<Day> bound_in_name(const std::string& name);  ///< Nothing for `rest`.

/// ALTER TABLE statements that give each day of `wanted` a partition of its own. `bounds` are
/// those that exist. Empty when nothing is to be done, or when there are `max_partitions` already.
std::vector<std::string> splits(const std::set<Day>& bounds, const std::set<Day>& wanted);

/// 11 years of days; MariaDB allows 8,192. Beyond, the last partition holds the rest.
inline constexpr std::size_t max_partitions = 4000;

/// Bounds of the partitions that exist, without `rest`.
std::set<Day> read_bounds(Connection& connection);

/// Keeps the partitions ahead of what is written. ALTER TABLE ends a transaction by itself and
/// waits for all that use the table: call keep_up() outside of transactions only.
class DayPartitions {
 public:
  /// Notes that rows of this hour come: its day and the next one will be split off.
  void want(Timestamp hour);
  /// Splits what is noted. When others use the table all the time it gives up and tries again at
  /// a later call: the rows have a place meanwhile. Throws ConnectionLost only.
  void keep_up(Connection& connection);
  /// What is known of the partitions may be wrong after an error or a DROP.
  void forget() { known_.reset(); }

 private:
  std::set<Day> wanted_;
  std::optional<std::set<Day>> known_;
  int calls_to_skip_ = 0;
};

}  // namespace wl::storage::mysql
