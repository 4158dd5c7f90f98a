// Which time a page shows: chosen by a word or by two times, kept in the address.
import { shift, startOf } from './calendar';

/** Epoch ms; `start` is inside, `end` is not. */
export interface TimeRange {
  start: number;
  end: number;
}

/** The last so long, or a day, week or month of the plant's calendar up to now. */
export const quickRanges = [
  '10m',
  '1h',
  '24h',
  '7d',
  '30d',
  'today',
  'yesterday',
  'week',
  'last_week',
  'month',
  'last_month',
] as const;
export type QuickRange = (typeof quickRanges)[number];

/** A fixed range, or a word that moves on with the clock. */
export type RangeChoice = QuickRange | TimeRange;

const minute = 60_000;
const lengths: Partial<Record<QuickRange, number>> = {
  '10m': 10 * minute,
  '1h': 60 * minute,
  '24h': 1440 * minute,
  '7d': 7 * 1440 * minute,
  '30d': 30 * 1440 * minute,
};

/** The shortest range that a page takes, and the longest: ten years. */
export const minRangeMs = minute;
export const maxRangeMs = 3653 * 1440 * minute;

export function isQuick(choice: RangeChoice): choice is QuickRange {
  return typeof choice === 'string';
}

export function rangeOf(choice: RangeChoice, nowMs: number): TimeRange {
  if (!isQuick(choice)) return choice;
  const length = lengths[choice];
  if (length !== undefined) return { start: nowMs - length, end: nowMs };
  if (choice === 'today') return { start: startOf('day', nowMs), end: nowMs };
  if (choice === 'week' || choice === 'month') return { start: startOf(choice, nowMs), end: nowMs };
  const unit = choice === 'yesterday' ? 'day' : choice === 'last_week' ? 'week' : 'month';
  const end = startOf(unit, nowMs);
  return { start: shift(unit, end, -1), end };
}

/** What stands before it: of a calendar word the same part of the day, week or month before. */
export function previousOf(choice: RangeChoice, nowMs: number): TimeRange {
  const { start, end } = rangeOf(choice, nowMs);
  if (isQuick(choice) && lengths[choice] === undefined) {
    const unit = /day/.test(choice) ? 'day' : /week/.test(choice) ? 'week' : 'month';
    const before = shift(unit, start, -1);
    // Of a whole period the whole one before; of a part of one not more than there is of it.
    return { start: before, end: end === shift(unit, start, 1) ? start : Math.min(before + end - start, start) };
  }
  return { start: start - (end - start), end: start };
}

/** One length back (-1) or forth (1); what lies ahead of now is not shown. */
export function stepped(range: TimeRange, direction: -1 | 1, nowMs: number): TimeRange {
  const length = range.end - range.start;
  const end = direction === 1 ? Math.min(range.end + length, Math.max(nowMs, range.end)) : range.end - length;
  return { start: end - length, end };
}

/** Twice as long around the same middle, up to now. */
export function widened(range: TimeRange, nowMs: number): TimeRange {
  const length = Math.min(2 * (range.end - range.start), maxRangeMs);
  const end = Math.min((range.start + range.end + length) / 2, Math.max(nowMs, range.end));
  return { start: end - length, end };
}

export type RangeFault = 'incomplete' | 'reversed' | 'tooShort' | 'tooLong';

export function rangeFault(start: number | null, end: number | null): RangeFault | null {
  if (start === null || end === null) return 'incomplete';
  if (end <= start) return 'reversed';
  if (end - start < minRangeMs) return 'tooShort';
  return end - start > maxRangeMs ? 'tooLong' : null;
}

export type QueryValues = Record<string, string | undefined>;

/** As it stands in the address: `range=24h`, or `from=…&to=…` in UTC. */
export function toQuery(choice: RangeChoice): QueryValues {
  if (isQuick(choice)) return { range: choice, from: undefined, to: undefined };
  return {
    range: undefined,
    from: new Date(choice.start).toISOString(),
    to: new Date(choice.end).toISOString(),
  };
}

/** Null when the address names no range, or a wrong one: the page then shows its usual one. */
export function fromQuery(query: Record<string, unknown>): RangeChoice | null {
  const word = quickRanges.find((range) => range === query.range);
  if (word) return word;
  const time = (value: unknown) => (typeof value === 'string' ? Date.parse(value) : NaN);
  const [start, end] = [time(query.from), time(query.to)];
  const known = Number.isFinite(start) && Number.isFinite(end);
  return known && rangeFault(start, end) === null ? { start, end } : null;
}
