// The shifts of plant.json as UTC: on the days when clocks change they are an hour longer or
// shorter if they run at that time.
//
// Pure; any thread may call it.
#pragma once

#include <string>
#include <vector>

#include "model/shift_calendar.hpp"
#include "storage/rollup/calendar.hpp"

namespace wl::storage {

struct ShiftTime {
  LocalText name;
  Timestamp from{};
  Timestamp to{};
  /// [from, to) without the breaks, in order, none empty.
  std::vector<std::pair<Timestamp, Timestamp>> busy;
};

class ShiftTimes {
 public:
  ShiftTimes(ShiftCalendar shifts, Calendar zone)
      : shifts_(std::move(shifts)), zone_(std::move(zone)) {}

  /// All shifts that touch [from, to), in order; begins and ends are moved back to a quarter hour
  /// UTC where a zone is off by less (before 1973). Without weekly shifts a shift a local day.
  /// Years outside of 1970 to 9999 have none.
  std::vector<ShiftTime> between(Timestamp from, Timestamp to) const;

 private:
  ShiftTime time_of(const Shift& shift, std::chrono::sys_days date) const;

  ShiftCalendar shifts_;
  Calendar zone_;
};

}  // namespace wl::storage
