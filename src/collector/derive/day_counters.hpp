// What counters have counted since the local midnight, as points of their own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/plant.hpp"
#include "model/sample.hpp"
#include "model/value.hpp"

namespace wl::collector {

/// A date as the clocks of the plant show it, in UTC.
struct LocalDay {
  Timestamp begin{};
  Timestamp end{};
};

/// The value of a derived point.
struct DerivedValue {
  PointId point;
  DataValue value;
};

/// Points with the tag `=day(<counter>)`. Pure; one thread uses it. `plant` must outlive it.
///
/// Of a counter's good samples in rising time: the value is the newest reading less the reading of
/// the last midnight. Where nothing was read at midnight, what was counted between two readings is
/// split by time. A fall within the resolution is a dip and changes nothing; at the modulus the
/// counter rolls over; any other fall begins at zero again and counts the new reading, as the
/// energy ledger does for a reset. A jump is counted: only the ledger waits for its confirmation.
/// A sample that is not good makes the derived value as bad, and counts nothing.
///
/// The first reading ever begins the count of its day at 0.
class DayCounters {
 public:
  using DayOf = std::function<LocalDay(Timestamp)>;

  DayCounters(const Plant& plant, DayOf day_of);

  /// What save() gave before a restart. Counters that the plant no longer has are left out.
  /// Refused: text that save() did not write; nothing has changed then.
  Result<void> restore(std::string_view saved);
  /// One line of JSON, some 100 bytes a counter.
  std::string save() const;
  /// Another number when what save() gives has changed.
  std::uint64_t revision() const { return revision_; }

  /// One counter's sample was accepted.
  std::vector<DerivedValue> on_sample(const Sample& sample);
  /// The days that have ended begin again at 0, when their counter is good.
  std::vector<DerivedValue> on_time(Timestamp now);

 private:
  struct Reading {
    Timestamp at{};
    double value = 0;
  };
  struct Day {
    PointId derived;
    PointId counter;
    bool good = false;
    std::optional<Reading> last;
    LocalDay day;
    double base = 0;  ///< The counter at `day.begin`; corrected where it falls.
  };

  void count(Day& day, const Reading& reading);
  double counted_between(const Day& day, const Reading& reading) const;
  static DerivedValue value_of(const Day& day, Quality quality, Timestamp at);

  const Plant& plant_;
  const DayOf day_of_;
  std::vector<Day> days_;
  std::uint64_t revision_ = 0;
};

}  // namespace wl::collector
