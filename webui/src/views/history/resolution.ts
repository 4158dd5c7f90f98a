// Which resolutions a range can be shown in. The server refuses more than 2,000 buckets.
import { minRangeMs, type TimeRange } from '@/time/range';
import type { HistoryView, Resolution } from './selection';

export type Step = Exclude<Resolution, 'auto'>;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const maxBuckets = 2000;
/** A row a second and device: above it there is more to read than a screen can show. */
export const maxRawMs = hour;
/** Up to here the rows themselves are finer than minutes and still quick to read. */
const autoRawMs = 15 * minute;
/** Statistics of minutes are kept so long; older ones begin with quarter hours. */
const minutesKeptMs = 400 * day;
/** Thinner bars can be neither seen nor clicked. */
const maxBars = 200;
/** Below two days a heat map has one row of cells: a bar chart shows the same better. */
export const minHeatMs = 2 * day;

/** At its shortest: a day of 23 hours, a month of 28 days. */
const shortest: Readonly<Record<Exclude<Step, 'raw'>, number>> = {
  '1m': minute,
  '15m': 15 * minute,
  hour,
  day: 23 * hour,
  week: 167 * hour,
  month: 28 * day - hour,
};
const steps = Object.keys(shortest) as Exclude<Step, 'raw'>[];

/** Buckets that stick out at both ends are counted, too. */
const most = (length: number, step: Exclude<Step, 'raw'>) => Math.ceil(length / shortest[step]) + 1;

/** The finest first; never empty. `earliest`: where the period begins that it is compared with. */
export function offered({ start, end }: TimeRange, nowMs: number, earliest = start): Step[] {
  const length = end - start;
  const minutesGone = earliest < nowMs - minutesKeptMs;
  const fitting = steps.filter(
    (step) => most(length, step) <= maxBuckets && shortest[step] <= length && !(step === '1m' && minutesGone),
  );
  const all: Step[] = length <= maxRawMs ? ['raw', ...fitting] : fitting;
  return all.length > 0 ? all : ['month'];
}

/** What is read: what was asked for where the range allows it, else what suits the view. */
export function stepOf(asked: Resolution, view: HistoryView, range: TimeRange, possible: readonly Step[]): Step {
  if (view === 'heat') return 'hour';
  const chosen = possible.find((step) => step === asked);
  if (chosen) return chosen;
  const length = range.end - range.start;
  const suits = (step: Step) =>
    step === 'raw' ? view !== 'bar' && length <= autoRawMs : view !== 'bar' || most(length, step) <= maxBars;
  return possible.find(suits) ?? possible.at(-1) ?? 'month';
}

export type HeatFault = 'heatTooShort' | 'heatTooLong';

/** Why there is no heat map of this range; null when there is one. */
export function heatFault({ start, end }: TimeRange): HeatFault | null {
  if (end - start < minHeatMs) return 'heatTooShort';
  return most(end - start, 'hour') > maxBuckets ? 'heatTooLong' : null;
}

/** Whole days that a heat map can show. */
export const maxHeatDays = Math.floor(((maxBuckets - 2) * hour) / day);

/** A dragged time that is too short to be a range grows around its middle, and ends now at the latest. */
export function zoomedTo({ start, end }: TimeRange, nowMs: number): TimeRange {
  if (end - start >= minRangeMs) return { start, end };
  const last = Math.min(Math.round((start + end + minRangeMs) / 2), Math.max(nowMs, end));
  return { start: last - minRangeMs, end: last };
}
