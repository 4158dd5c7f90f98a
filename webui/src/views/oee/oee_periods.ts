// The periods of an OEE answer: how long they are, as lines of a chart and as rows of a file.
import type { OeeDimension, OeeFigures, OeePeriod } from '@/api/types';
import type { ChartPoint } from '@/chart/line_chart';
import type { CsvCell } from '@/data/csv';
import { formatDate, formatDayMinute, formatMinute, formatWeekday } from '@/format/dates';
import type { TimeRange } from '@/time/range';

export const dimensions: readonly OeeDimension[] = ['shift', 'hour', 'day', 'week', 'month'];
/** Periods of one answer; more of them no chart shows. */
export const mostPeriods = 1000;

export const rates = ['oee_percentage', 'availability', 'performance', 'quality'] as const;
export type Rate = (typeof rates)[number];

const day = 86_400_000;

/** What shows a range best when nobody chose: some ten to some fifty periods. */
export function suitedDimension({ start, end }: TimeRange): OeeDimension {
  const days = (end - start) / day;
  if (days <= 2.1) return 'hour';
  if (days <= 14.1) return 'shift';
  return days <= 92 ? 'day' : 'month';
}

const startOf = (period: OeePeriod) => Date.parse(period.period);
/** A period that goes on has figures up to now only. */
const endOf = (period: OeePeriod, nowMs: number) => Math.min(Date.parse(period.end), nowMs);

/** Each value is held over its period; a pause between shifts and a period without one break the line. */
export function ratePoints(periods: readonly OeePeriod[], rate: Rate, nowMs: number): ChartPoint[] {
  const points: ChartPoint[] = [];
  periods.forEach((period, index) => {
    const y = period[rate] ?? NaN;
    const end = endOf(period, nowMs);
    const next = periods[index + 1];
    const pause = !next || startOf(next) > end;
    points.push({ x: startOf(period), y });
    if (pause || next[rate] === null) points.push({ x: end, y });
    if (pause && next) points.push({ x: end, y: NaN });
  });
  return points;
}

/** The time axis: periods are whole ones and stick out of the range that was asked for. */
export function shownRange(range: TimeRange, periods: readonly OeePeriod[], nowMs: number): TimeRange {
  const [first, last] = [periods[0], periods.at(-1)];
  if (!first || !last) return range;
  return { start: Math.min(range.start, startOf(first)), end: Math.max(range.end, endOf(last, nowMs)) };
}

export const csvHead = [
  'period',
  'end',
  'shift',
  'oee_percentage',
  'availability',
  'performance',
  'quality',
  'performance_flag',
  'coverage',
  'products',
  'rejects',
  'planned_hours',
  'runtime_hours',
  'downtime_hours',
] as const;

export function periodRows(periods: readonly OeePeriod[], locale: string): CsvCell[][] {
  return periods.map((period) => [
    period.period,
    period.end,
    shiftName(period, locale),
    ...rates.map((rate) => period[rate]),
    String(period.performance_flag),
    period.coverage,
    period.total_products,
    period.total_rejects,
    period.total_planned_hours,
    period.total_runtime_hours,
    period.total_downtime_hours,
  ]);
}

/** Empty for a period that is no shift. */
export function shiftName(period: Pick<OeePeriod, 'shift'>, locale: string): string {
  return (locale === 'zh-CN' ? period.shift?.['zh-CN'] : period.shift?.en) ?? '';
}

/** As short as its length allows, on the plant's clocks. */
export function periodText({ period, end }: OeePeriod, locale: string): string {
  const [from, to] = [Date.parse(period), Date.parse(end)];
  if (to - from < 0.9 * day) return `${formatDayMinute(from, locale)} – ${formatMinute(to, locale)}`;
  if (to - from < 1.1 * day) return formatWeekday(from, locale);
  return `${formatDate(from, locale)} – ${formatDate(to - 1, locale)}`;
}

/** Why there is no rate, as a key of `oee.reason`; null when there is one. */
export function missingReason(figures: OeeFigures): 'notPlanned' | 'notSeen' | 'noRun' | null {
  if (figures.oee_percentage !== null) return null;
  if (figures.total_planned_hours === 0) return 'notPlanned';
  return figures.coverage === 0 ? 'notSeen' : 'noRun';
}
