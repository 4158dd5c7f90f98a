#include "storage/rollup/shift_times.hpp"

#include <algorithm>

namespace wl::storage {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;

constexpr Milliseconds edge_step = minutes{15};
constexpr Timestamp first_time = sys_days{std::chrono::year{1970} / 1 / 2};
constexpr Timestamp end_time = sys_days{std::chrono::year{9999} / 12 / 30};

Shift whole_day() {
  return {.name = {"全天", "Day"}, .time = {0, 24 * 60}, .breaks = {}};
}

bool begins_on(const WeeklyShift& weekly, sys_days date) {
  const auto day = (std::chrono::weekday{date} - std::chrono::Monday).count();
  return weekly.days[static_cast<std::size_t>(day)];
}

}  // namespace

ShiftTime ShiftTimes::time_of(const Shift& shift, sys_days date) const {
  const auto at = [&](int minute) { return zone_.at_local(date, minutes{minute}); };
  ShiftTime time{.name = shift.name,
                 .from = floor_to(at(shift.time.from), edge_step),
                 .to = floor_to(at(shift.time.to), edge_step),
                 .busy = {}};
  Timestamp from = time.from;
  const auto add = [&](Timestamp to) {
    if (from < to) time.busy.emplace_back(from, to);
  };
  for (const DayMinutes& pause : shift.breaks) {
    add(std::min(at(pause.from), time.to));
    from = std::max(from, at(pause.to));
  }
  add(time.to);
  return time;
}

std::vector<ShiftTime> ShiftTimes::between(Timestamp from, Timestamp to) const {
  std::vector<ShiftTime> found;
  from = std::max(from, first_time);
  to = std::min(to, end_time);
  if (from >= to) return found;
  // A shift begins at most two days before the moment that it still holds.
  sys_days date = zone_.local_date(from) - days{2};
  const sys_days last = zone_.local_date(to);
  const auto add = [&](const Shift& shift) {
    ShiftTime time = time_of(shift, date);
    if (time.from < to && time.to > from && time.from < time.to) found.push_back(std::move(time));
  };
  auto extra = std::ranges::lower_bound(shifts_.extra, date, {}, &ExtraShift::date);
  for (; date <= last; date += days{1}) {
    if (shifts_.weekly.empty()) add(whole_day());
    if (!shifts_.is_holiday(date))
      for (const WeeklyShift& weekly : shifts_.weekly)
        if (begins_on(weekly, date)) add(weekly.shift);
    for (; extra != shifts_.extra.end() && extra->date == date; ++extra) add(extra->shift);
  }
  std::ranges::stable_sort(found, {}, &ShiftTime::from);
  // Where clocks are put back, a time that they show twice may end one shift in the next one.
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i].from >= found[i - 1].to) continue;
    found[i - 1].to = found[i].from;
    std::erase_if(found[i - 1].busy, [&](const auto& span) { return span.first >= found[i].from; });
    if (!found[i - 1].busy.empty())
      found[i - 1].busy.back().second = std::min(found[i - 1].busy.back().second, found[i].from);
  }
  return found;
}

}  // namespace wl::storage
