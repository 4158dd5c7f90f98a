// Which intervals fit a range: bars that one can tell apart, and no more than the API gives.
import type { EnergyInterval } from '@/api/energy';
import { formatDate, formatDayMinute, formatMinute, formatMonth, formatWeekday } from '@/format/dates';
import type { TimeRange } from '@/time/range';

export const energyIntervals: readonly EnergyInterval[] = ['15m', 'hour', 'day', 'week', 'month'];

const hourMs = 3_600_000;
const lengthsMs: Readonly<Record<EnergyInterval, number>> = {
  '15m': hourMs / 4,
  hour: hourMs,
  day: 24 * hourMs,
  week: 168 * hourMs,
  month: 730 * hourMs,
};
const mostBars = 800; // A screen is not much wider.
const goodBars = 62; // Hours of two days, days of two months.

/** Those a person may choose; never empty. */
export function intervalsFor({ start, end }: TimeRange): EnergyInterval[] {
  const span = end - start;
  const fitting = energyIntervals.filter((interval) => {
    const bars = span / lengthsMs[interval];
    return bars <= mostBars && (bars >= 1 || interval === '15m');
  });
  return fitting.length > 0 ? fitting : ['month'];
}

/** The finest that stays easy to read. */
export function usualInterval(range: TimeRange): EnergyInterval {
  const fitting = intervalsFor(range).filter(
    (interval) => interval !== '15m' || range.end - range.start <= hourMs,
  );
  const span = range.end - range.start;
  return fitting.find((interval) => span / lengthsMs[interval] <= goodBars) ?? fitting.at(-1) ?? 'month';
}

/** `wanted` when it fits, as it may come from an address that somebody wrote. */
export function intervalFor(wanted: unknown, range: TimeRange): EnergyInterval {
  return intervalsFor(range).find((interval) => interval === wanted) ?? usualInterval(range);
}

/** A period of a chart or table, as fine as it must be. */
export function periodText(start: number, interval: EnergyInterval, locale: string, spanMs = Infinity): string {
  if (interval === 'month') return formatMonth(start, locale);
  if (interval === 'week') return formatDate(start, locale);
  if (interval === 'day') return formatWeekday(start, locale);
  return spanMs <= 25 * hourMs ? formatMinute(start, locale) : formatDayMinute(start, locale);
}
