// What the API tells of a point, in one form for rows and buckets.
import type { Bucket, Gap, HistoryRow, Point } from '@/api/types';
import { timeOf } from '@/format/dates';

/** Of one bucket or one row; epoch ms. What is not known is null. */
export interface Reading {
  from: number;
  to: number;
  /** Mean of a bucket, weighted by time; the value of a row. */
  value: number | null;
  low: number | null;
  high: number | null;
  last: number | null;
  /** Of a counter: by how much it grew, for the energy meter what the ledger says. */
  used: number | null;
  /** Of a state, at the end. */
  word: string | null;
  /** Part of it with a usable value, 0…1. */
  coverage: number;
}

/** A time in which nobody saw the plant. */
export interface Unseen {
  from: number;
  to: number;
  cause: string;
}

/** The point that `energy_kwh` of a bucket belongs to. */
const energyName = 'energy_kwh';

export const isEnergyMeter = ({ name, kind }: Pick<Point, 'name' | 'kind'>) =>
  kind === 'counter' && name === energyName;

const second = 1000;

/** Ascending, each once: every device tells the gaps of the whole plant. Less than a second at the
 *  end of another one is the same outage, as of the collector that has just been started. */
export function unseenOf(gaps: readonly Gap[]): Unseen[] {
  const known = new Map<string, Unseen>();
  for (const { from, to, cause } of gaps) {
    const [start, end] = [timeOf(from), timeOf(to)];
    if (start !== null && end !== null && end > start)
      known.set(`${start}/${end}`, { from: start, to: end, cause });
  }
  const outages: Unseen[] = [];
  for (const gap of [...known.values()].sort((a, b) => a.from - b.from)) {
    const before = outages.at(-1);
    if (before?.to === gap.from && gap.to - gap.from < second) before.to = gap.to;
    else outages.push(gap);
  }
  return outages;
}

/** Null where the counter went back: it was reset, and nobody knows what it had counted until then. */
function growth(
  low: number | null,
  high: number | null,
  last: number | null,
  before: number | null,
): number | null {
  if (low === null || last === null || last !== high) return null;
  return before !== null && low < before ? null : last - low;
}

export function readingsOfBuckets(point: Pick<Point, 'name' | 'kind'>, buckets: readonly Bucket[]): Reading[] {
  let before: number | null = null;
  return buckets.flatMap((bucket): Reading[] => {
    const [from, to] = [timeOf(bucket.timestamp), timeOf(bucket.end)];
    const told = bucket.points[point.name];
    if (from === null || to === null || !told) return [];
    const times = { from, to, coverage: told.coverage };
    if (!('min' in told)) {
      const word = typeof told.last === 'string' ? told.last : null;
      return [{ ...times, value: null, low: null, high: null, last: null, used: null, word }];
    }
    const { min: low, max: high, avg: value, last } = told;
    const counted = point.kind === 'counter' ? growth(low, high, last, before) : null;
    const used = isEnergyMeter(point) ? (bucket.energy_kwh ?? null) : counted;
    before = last ?? before;
    return [{ ...times, value, low, high, last, used, word: null }];
  });
}

/** How long a row stands for: the ticks are even, what is longer is a gap between them. */
function tickOf(times: readonly number[]): number {
  let least = Infinity;
  for (let at = 1; at < times.length; at += 1) {
    least = Math.min(least, (times[at] ?? 0) - (times[at - 1] ?? 0));
  }
  return Number.isFinite(least) && least > 0 ? least : 1000;
}

export function readingsOfRows(point: Pick<Point, 'name' | 'kind'>, rows: readonly HistoryRow[]): Reading[] {
  const times = rows.map(({ timestamp }) => timeOf(timestamp) ?? NaN);
  const tick = tickOf(times);
  let before: number | null = null;
  return rows.flatMap((row, index): Reading[] => {
    const from = times[index] ?? NaN;
    if (!Number.isFinite(from)) return [];
    const told: unknown = row[point.name];
    const value = typeof told === 'number' ? told : null;
    const word = point.kind === 'state' && typeof told === 'string' ? told : null;
    const grown = value !== null && before !== null && value >= before ? value - before : null;
    const used = point.kind === 'counter' ? grown : null;
    before = value ?? before;
    const coverage = value !== null || word !== null ? 1 : 0;
    return [{ from, to: from + tick, value, low: value, high: value, last: value, used, word, coverage }];
  });
}

export const isKnown = ({ value, word, used }: Reading) => value !== null || word !== null || used !== null;
