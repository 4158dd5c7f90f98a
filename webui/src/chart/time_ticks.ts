// Where the labels of a time axis stand: on round times of the plant's clocks.
import { shift, startOf, type CalendarUnit } from '@/time/calendar';
import { formatClock } from '@/format/numbers';
import { formatDate, formatDayMinute, formatMinute, formatMonth, formatWeekday } from '@/format/dates';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const stepsMs = [
  1000,
  5000,
  15_000,
  30_000,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
] as const;
const calendarSteps: readonly { unit: CalendarUnit; count: number; lengthMs: number }[] = [
  { unit: 'day', count: 1, lengthMs: day },
  { unit: 'day', count: 2, lengthMs: 2 * day },
  { unit: 'week', count: 1, lengthMs: 7 * day },
  { unit: 'week', count: 2, lengthMs: 14 * day },
  { unit: 'month', count: 1, lengthMs: 30 * day },
  { unit: 'month', count: 3, lengthMs: 91 * day },
  { unit: 'month', count: 12, lengthMs: 365 * day },
];

/** At most `most` (from 2) epoch ms inside the range, ascending. */
export function timeTicks(min: number, max: number, most: number): number[] {
  const span = max - min;
  if (!(span > 0)) return [];
  const step = stepsMs.find((length) => span / length <= most);
  if (step !== undefined) return within(min, max, startOf('day', min), (at) => at + step, most);
  const wide = calendarSteps.find(({ lengthMs }) => span / lengthMs <= most) ?? calendarSteps.at(-1);
  if (!wide) return [];
  const first = startOf(wide.unit, min);
  return within(min, max, first, (at) => shift(wide.unit, at, wide.count), most);
}

function within(min: number, max: number, first: number, next: (at: number) => number, most: number): number[] {
  const ticks: number[] = [];
  const limit = 100_000; // Seconds of a day and some: the loop ends whatever `next` does.
  for (let at = first, turn = 0; at <= max && turn < limit && ticks.length <= most; at = next(at), turn += 1) {
    if (at >= min) ticks.push(at);
  }
  return ticks;
}

/** The label of a tick, as fine as the range needs it. */
export function tickText(at: number, spanMs: number, locale: string): string {
  if (spanMs <= 3 * minute) return formatClock(at, locale);
  if (spanMs <= day) return formatMinute(at, locale);
  if (spanMs <= 4 * day) return formatDayMinute(at, locale);
  if (spanMs <= 45 * day) return formatWeekday(at, locale);
  return spanMs <= 200 * day ? formatDate(at, locale) : formatMonth(at, locale);
}
