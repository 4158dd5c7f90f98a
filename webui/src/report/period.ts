// The day, week or month of a report, named in the address by its kind and one of its days.
import { fromInputText, shift, startOf, toDateText } from '@/time/calendar';
import { wholeQuarters } from '@/time/quarters';
import type { TimeRange } from '@/time/range';

export const reportKinds = ['day', 'week', 'month'] as const;
export type ReportKind = (typeof reportKinds)[number];

export interface ReportPeriod {
  kind: ReportKind;
  /** The whole day, week or month. */
  whole: TimeRange;
  /** What can be told of it: of one that is not over the quarter hours that are. */
  range: TimeRange;
  /** The same part of the one before. */
  previous: TimeRange;
  running: boolean;
}

export function kindOf(text: unknown): ReportKind {
  return reportKinds.find((kind) => kind === text) ?? 'day';
}

/** First moment of the period that `date` (YYYY-MM-DD) lies in. Without one, or with one of the future, of the
 *  last period that is over: a report is read the morning after. */
export function startOfReport(kind: ReportKind, date: unknown, nowMs: number): number {
  const asked = typeof date === 'string' ? fromInputText(date) : null;
  if (asked !== null && asked <= nowMs) return startOf(kind, asked);
  return shift(kind, startOf(kind, nowMs), -1);
}

export function reportPeriod(kind: ReportKind, date: unknown, nowMs: number): ReportPeriod {
  const start = startOfReport(kind, date, nowMs);
  const end = shift(kind, start, 1);
  const before = shift(kind, start, -1);
  const running = end > nowMs;
  const range = running ? wholeQuarters({ start, end: nowMs }) : { start, end };
  const previousEnd = running ? Math.min(before + range.end - range.start, start) : start;
  return { kind, whole: { start, end }, range, previous: { start: before, end: previousEnd }, running };
}

/** The date that names the period before (-1) or after (1); null for one that has not begun. */
export function neighbour({ kind, whole }: ReportPeriod, direction: -1 | 1, nowMs: number): string | null {
  const start = direction === 1 ? whole.end : shift(kind, whole.start, -1);
  return start > nowMs ? null : toDateText(start);
}
