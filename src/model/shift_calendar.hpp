// When the line is planned to run, in the plant's local time: the shifts of a week, holidays, extra
// shifts. Values only; what they are in UTC says storage/rollup/shift_times.hpp, which knows zones.
#pragma once

#include <array>
#include <chrono>
#include <vector>

#include "base/json_file.hpp"
#include "model/ids.hpp"

namespace wl {

/// Minutes after the local midnight on which the shift begins; beyond 1440 on the next day.
struct DayMinutes {
  int from = 0;
  int to = 0;

  bool operator==(const DayMinutes&) const = default;
};

struct Shift {
  LocalText name;
  DayMinutes time;                 ///< From 0:00; at most 24 h; both on a quarter hour.
  std::vector<DayMinutes> breaks;  ///< Inside `time`, in order, apart from each other.
};

struct WeeklyShift {
  Shift shift;
  std::array<bool, 7> days{};  ///< On which it begins, Monday first.
};

struct ExtraShift {
  std::chrono::sys_days date;  ///< Local date on which it begins.
  Shift shift;
};

/// No shift overlaps another one.
struct ShiftCalendar {
  std::vector<WeeklyShift> weekly;  ///< Empty: planned round the clock, a shift a local day.
  std::vector<std::chrono::sys_days> holidays;  ///< No weekly shift begins on these; sorted.
  std::vector<ExtraShift> extra;                ///< Also on holidays; by date.

  bool is_holiday(std::chrono::sys_days date) const;
};

/// Reads `shifts` and `calendar` of the member `oee` of plant.json; both may be missing. Problems
/// are recorded in the document: overlaps, times and dates that are none, breaks outside.
ShiftCalendar read_shift_calendar(const JsonCursor& oee);

}  // namespace wl
