// How the load runs through the day: mean power by hour of the day over the days of a range.
import { hourOfDay, weekdayOf } from '@/time/calendar';
import type { TimeRange } from '@/time/range';
import { plantValue, type Period } from './periods';

export interface ProfileHour {
  /** kW: mean, smallest and largest of the hours of all days; null where no day has a value. */
  mean: number | null;
  low: number | null;
  high: number | null;
  days: number;
}

/** One a clock hour, 0…23. */
export type Profile = readonly ProfileHour[];

export interface LoadProfile {
  /** `all` when the range has not both kinds of days. */
  all: Profile | null;
  weekdays: Profile | null;
  weekend: Profile | null;
}

const hoursOfDay = 24;
const daysMost = 80; // 1,920 hours: the API gives at most 2,000.

const isWeekend = (epochMs: number) => weekdayOf(epochMs) >= 6;

function profileOf(hours: readonly { at: number; kw: number }[]): Profile {
  const byHour: number[][] = Array.from({ length: hoursOfDay }, () => []);
  for (const { at, kw } of hours) byHour[hourOfDay(at)]?.push(kw);
  return byHour.map((values) => {
    if (values.length === 0) return { mean: null, low: null, high: null, days: 0 };
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, low: Math.min(...values), high: Math.max(...values), days: values.length };
  });
}

/** From hourly means of the power. An hour that was not seen is left out, not taken for 0. */
export function loadProfile(periods: readonly Period[], line: string | null): LoadProfile {
  const hours = periods.flatMap((period) => {
    const kw = plantValue(period, line);
    return kw === null ? [] : [{ at: period.start, kw }];
  });
  const weekend = hours.filter(({ at }) => isWeekend(at));
  const weekdays = hours.filter(({ at }) => !isWeekend(at));
  if (weekend.length === 0 || weekdays.length === 0) {
    return { all: hours.length > 0 ? profileOf(hours) : null, weekdays: null, weekend: null };
  }
  return { all: null, weekdays: profileOf(weekdays), weekend: profileOf(weekend) };
}

/** The end of a range that is longer than the API gives hours for. */
export function profileRange({ start, end }: TimeRange): TimeRange {
  return { start: Math.max(start, end - daysMost * 86_400_000), end };
}
