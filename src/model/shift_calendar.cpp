#include "model/shift_calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace wl {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr int day_minutes = 24 * 60;
constexpr int quarter_minutes = 15;
constexpr std::array<std::string_view, 7> day_words{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};

std::optional<int> number_of(std::string_view digits) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool plain = !digits.empty() && digits.front() >= '0' && digits.front() <= '9';
  if (!plain || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// `06:00` as minutes of the day; 24:00 is the end of it.
int read_time(const JsonCursor& place) {
  const std::string text = place.text();
  if (text.empty()) return 0;
  const bool shaped = text.size() == 5 && text[2] == ':';
  const auto hours = shaped ? number_of(text.substr(0, 2)) : std::nullopt;
  const auto minutes = shaped ? number_of(text.substr(3)) : std::nullopt;
  const int total = hours.value_or(99) * 60 + minutes.value_or(99);
  if (!hours || !minutes || *minutes > 59 || total > day_minutes) {
    place.problem(fmt::format("'{}' is not a time of day: write it as 06:00, to 24:00", text));
    return 0;
  }
  return total;
}

/// A time whose end is not after its begin ends on the next day.
DayMinutes read_span(const JsonCursor& place) {
  DayMinutes span{read_time(place.at("from")), read_time(place.at("to"))};
  if (span.from == day_minutes) span.from = 0;
  if (span.to <= span.from) span.to += day_minutes;
  return span;
}

DayMinutes read_break(const JsonCursor& place, const DayMinutes& shift) {
  place.allow_only({"from", "to"});
  DayMinutes pause = read_span(place);
  if (pause.from < shift.from) {  // Behind midnight.
    pause.from += day_minutes;
    pause.to += day_minutes;
  }
  if (pause.from < shift.from || pause.to > shift.to)
    place.problem("the break is not inside its shift");
  return pause;
}

Shift read_shift(const JsonCursor& place) {
  Shift shift;
  const JsonCursor name = place.at("name");
  name.allow_only({"zh-CN", "en"});
  shift.name = {name.at("zh-CN").text(), name.at("en").text()};
  shift.time = read_span(place);
  if (shift.time.from % quarter_minutes != 0 || shift.time.to % quarter_minutes != 0)
    place.problem("a shift begins and ends on a quarter hour (:00, :15, :30 or :45)");
  if (const auto breaks = place.find("breaks")) {
    for (const auto& pause : breaks->items()) {
      const DayMinutes read = read_break(pause, shift.time);
      if (!shift.breaks.empty() && read.from < shift.breaks.back().to)
        pause.problem("the break begins before the one above has ended");
      shift.breaks.push_back(read);
    }
  }
  return shift;
}

std::optional<std::size_t> day_index(const JsonCursor& place) {
  const std::string word = place.text();
  const auto at = std::ranges::find(day_words, std::string_view(word));
  if (at != day_words.end()) return static_cast<std::size_t>(at - day_words.begin());
  if (word.empty()) return std::nullopt;
  place.problem(fmt::format("'{}' is no day: mon, tue, wed, thu, fri, sat or sun", word));
  return std::nullopt;
}

WeeklyShift read_weekly(const JsonCursor& place) {
  place.allow_only({"name", "days", "from", "to", "breaks"});
  WeeklyShift weekly{.shift = read_shift(place), .days = {}};
  for (const auto& day : place.at("days").items()) {
    const auto index = day_index(day);
    if (!index) continue;
    if (weekly.days[*index]) day.problem("the day stands twice");
    weekly.days[*index] = true;
  }
  if (std::ranges::none_of(weekly.days, [](bool day) { return day; }))
    place.problem("'days' names no day: the shift would never begin");
  return weekly;
}

sys_days read_date(const JsonCursor& place) {
  const std::string text = place.text();
  if (text.empty()) return {};
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const auto year = shaped ? number_of(text.substr(0, 4)) : std::nullopt;
  const auto month = shaped ? number_of(text.substr(5, 2)) : std::nullopt;
  const auto day = shaped ? number_of(text.substr(8)) : std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{year.value_or(0)},
      std::chrono::month{static_cast<unsigned>(month.value_or(0))},
      std::chrono::day{static_cast<unsigned>(day.value_or(0))}};
  if (!year || *year < 1970 || !date.ok()) {
    place.problem(fmt::format("'{}' is not a date: write it as 2026-10-01", text));
    return {};
  }
  return sys_days{date};
}

bool overlap(const DayMinutes& one, const DayMinutes& other, int shifted_by) {
  return one.from < other.to + shifted_by && other.from + shifted_by < one.to;
}

/// Minutes from the begin of `one` on day a to that of `other` on day b, in a week without end.
bool overlap_in_week(const WeeklyShift& one, const WeeklyShift& other, bool same) {
  for (int a = 0; a < 7; ++a) {
    for (int b = 0; b < 7; ++b) {
      if (!one.days[static_cast<std::size_t>(a)] || !other.days[static_cast<std::size_t>(b)])
        continue;
      for (const int week : {-7, 0, 7}) {
        const int apart = b + week - a;
        if (same && apart == 0) continue;
        if (overlap(one.shift.time, other.shift.time, apart * day_minutes)) return true;
      }
    }
  }
  return false;
}

void refuse_overlaps(const std::vector<WeeklyShift>& weekly, const JsonCursor& list) {
  const auto places = list.items();
  for (std::size_t i = 0; i < weekly.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      if (!overlap_in_week(weekly[i], weekly[j], i == j)) continue;
      places[i].problem(fmt::format("overlaps the shift '{}'", weekly[j].shift.name.en));
    }
  }
}

bool begins_on(const ShiftCalendar& calendar, const WeeklyShift& weekly, sys_days date) {
  const auto day = (std::chrono::weekday{date} - std::chrono::Monday).count();
  return weekly.days[static_cast<std::size_t>(day)] && !calendar.is_holiday(date);
}

void refuse_overlap(const ShiftCalendar& calendar, const ExtraShift& extra,
                    const JsonCursor& place) {
  for (const int day : {-1, 0, 1}) {
    for (const WeeklyShift& weekly : calendar.weekly) {
      if (begins_on(calendar, weekly, extra.date + days{day}) &&
          overlap(extra.shift.time, weekly.shift.time, day * day_minutes))
        place.problem(fmt::format("overlaps the shift '{}'", weekly.shift.name.en));
    }
  }
  for (const ExtraShift& other : calendar.extra) {
    const auto day = static_cast<int>((other.date - extra.date).count());
    if (day >= -1 && day <= 1 && overlap(extra.shift.time, other.shift.time, day * day_minutes))
      place.problem(fmt::format("overlaps the extra shift '{}'", other.shift.name.en));
  }
}

void read_calendar(const JsonCursor& place, ShiftCalendar& calendar) {
  place.allow_only({"holidays", "extra"});
  if (calendar.weekly.empty())
    place.problem("without 'shifts' the line is planned round the clock: give shifts first");
  if (const auto holidays = place.find("holidays")) {
    for (const auto& date : holidays->items()) calendar.holidays.push_back(read_date(date));
    std::ranges::sort(calendar.holidays);
  }
  if (const auto extra = place.find("extra")) {
    for (const auto& shift : extra->items()) {
      shift.allow_only({"date", "name", "from", "to", "breaks"});
      const ExtraShift read{.date = read_date(shift.at("date")), .shift = read_shift(shift)};
      refuse_overlap(calendar, read, shift);
      calendar.extra.push_back(read);
    }
    std::ranges::stable_sort(calendar.extra, {}, &ExtraShift::date);
  }
}

}  // namespace

bool ShiftCalendar::is_holiday(sys_days date) const {
  return std::ranges::binary_search(holidays, date);
}

ShiftCalendar read_shift_calendar(const JsonCursor& oee) {
  ShiftCalendar calendar;
  if (const auto shifts = oee.find("shifts")) {
    for (const auto& shift : shifts->items()) calendar.weekly.push_back(read_weekly(shift));
    refuse_overlaps(calendar.weekly, *shifts);
  }
  if (const auto place = oee.find("calendar")) read_calendar(*place, calendar);
  return calendar;
}

}  // namespace wl
