// The power of the last hour, a mean, smallest and largest value a minute: the past from the history, the
// minute under way from the live values. Plain arrays outside Vue, from which the chart draws.
import type { ChartPoint } from '@/chart/line_chart';
import type { HistoryBuckets, PointStatistics } from '@/api/types';

export const windowMs = 60 * 60 * 1000;
export const minuteMs = 60_000;
/** A value is held until the next message, but nothing proves more than this. */
const breakMs = 3000;
/** What the collector may still hold back: its writer works in batches of 10 s. */
export const writeDelayMs = 15_000;
/** Of a minute that was seen less than half, nobody can say what its mean was. */
const leastSeenMs = minuteMs / 2;
/** A minute that was seen less than this has a hole: the line does not go on from it. */
const wholeMs = 0.75 * minuteMs;

interface Minute {
  start: number;
  min: number;
  max: number;
  /** Mean times the time in which a value was held, in kW·ms. */
  sum: number;
  seenMs: number;
}

export interface SeriesStatistics {
  min: number | null;
  avg: number | null;
  max: number | null;
}

/** What the chart draws: NaN in y breaks the line. `low` and `high` are the band of the minutes. */
export interface SeriesPoints {
  mean: ChartPoint[];
  low: ChartPoint[];
  high: ChartPoint[];
}

interface Series extends SeriesPoints {
  minutes: Minute[];
  /** Times at which the line is broken: a gap or a bad value began. */
  breaks: number[];
  lastLive: { at: number; value: number | null } | null;
}

const startOfMinute = (ms: number) => Math.floor(ms / minuteMs) * minuteMs;

function minutesOf(history: HistoryBuckets): Minute[] {
  return history.data.flatMap((bucket) => {
    const power = bucket.points.power_kw as PointStatistics | undefined;
    const { min, max, avg, coverage } = power ?? { min: null, max: null, avg: null, coverage: 0 };
    const start = Date.parse(bucket.timestamp);
    if (min === null || max === null || avg === null || !Number.isFinite(start)) return [];
    const seenMs = coverage * (Date.parse(bucket.end) - start);
    return seenMs > 0 ? [{ start, min, max, sum: avg * seenMs, seenMs }] : [];
  });
}

export class PowerTrend {
  private readonly series: Map<string, Series>;

  /** `ids`: the devices, in the order of the legend. */
  constructor(readonly ids: readonly string[]) {
    this.series = new Map(
      ids.map((id) => [id, { minutes: [], breaks: [], lastLive: null, mean: [], low: [], high: [] }]),
    );
  }

  /** The live arrays of one series; they stay the same objects. Empty for an unknown device. */
  points(id: string): SeriesPoints {
    return this.series.get(id) ?? { mean: [], low: [], high: [] };
  }

  get empty(): boolean {
    return this.ids.every((id) => this.points(id).mean.every(({ y }) => Number.isNaN(y)));
  }

  /** Takes the history up to `nowMs`: of each minute the account counts that saw more of it. */
  fill(id: string, history: HistoryBuckets, nowMs: number): void {
    const series = this.series.get(id);
    if (!series) return;
    const known = new Map(series.minutes.map((minute) => [minute.start, minute]));
    for (const minute of minutesOf(history)) {
      const live = known.get(minute.start);
      if (!live || live.seenMs <= minute.seenMs) known.set(minute.start, minute);
    }
    series.minutes = [...known.values()].sort((a, b) => a.start - b.start);
    // Where the history reaches, it knows the gaps; what came live after it stands.
    const gaps = history.gaps.map(({ from }) => Date.parse(from)).filter(Number.isFinite);
    series.breaks = [...gaps, ...series.breaks.filter((at) => at > nowMs - writeDelayMs)].sort((a, b) => a - b);
    draw(series);
  }

  /** One live value, or nothing for a bad one: the value before it was held until now. */
  push(id: string, timeMs: number, value: number | null): void {
    const series = this.series.get(id);
    if (!series) return;
    const last = series.lastLive;
    if (last && timeMs <= last.at) return; // The clock of the server stepped back, or a message of the same time.
    const heldMs = last ? timeMs - last.at : 0;
    series.lastLive = { at: timeMs, value };
    if (value === null) {
      if (last?.value !== null) series.breaks.push(timeMs);
      return;
    }
    if (heldMs > breakMs && last) series.breaks.push(last.at);
    else if (last && last.value !== null) hold(series, timeMs, last.value, heldMs);
    hold(series, timeMs, value, 0);
    draw(series);
  }

  /** Forgets what left the window; one minute before its edge stays, so the line enters it. */
  trim(nowMs: number): void {
    const edge = nowMs - windowMs - minuteMs;
    for (const series of this.series.values()) {
      if ((series.minutes[0]?.start ?? edge) >= edge) continue;
      series.minutes = series.minutes.filter(({ start }) => start >= edge);
      series.breaks = series.breaks.filter((at) => at >= edge);
      draw(series);
    }
  }

  statistics(id: string): SeriesStatistics {
    const minutes = this.series.get(id)?.minutes ?? [];
    const seenMs = minutes.reduce((sum, minute) => sum + minute.seenMs, 0);
    if (minutes.length === 0) return { min: null, avg: null, max: null };
    return {
      min: Math.min(...minutes.map(({ min }) => min)),
      avg: seenMs > 0 ? minutes.reduce((sum, minute) => sum + minute.sum, 0) / seenMs : null,
      max: Math.max(...minutes.map(({ max }) => max)),
    };
  }
}

/** `value` was held for `heldMs` up to `timeMs`. At the turn of a minute all of it counts for the new one. */
function hold(series: Series, timeMs: number, value: number, heldMs: number): void {
  const start = startOfMinute(timeMs);
  let minute = series.minutes.at(-1);
  if (!minute || minute.start < start) {
    minute = { start, min: value, max: value, sum: 0, seenMs: 0 };
    series.minutes.push(minute);
  }
  minute.min = Math.min(minute.min, value);
  minute.max = Math.max(minute.max, value);
  minute.sum += value * heldMs;
  minute.seenMs += heldMs;
}

/** Where a minute stands: in its middle, the one under way in the middle of what is over of it. */
function placeOf({ start }: Minute, newest: number): number {
  return start === startOfMinute(newest) ? (start + newest) / 2 : start + minuteMs / 2;
}

/** Writes the arrays anew: sixty minutes a series are less work than keeping them in step. */
function draw(series: Series): void {
  const newest = series.lastLive?.at ?? -Infinity;
  const underWay = startOfMinute(newest);
  const [mean, low, high]: [ChartPoint[], ChartPoint[], ChartPoint[]] = [[], [], []];
  let before: Minute | null = null;
  for (const minute of series.minutes) {
    if (minute.seenMs === 0 || (minute.seenMs < leastSeenMs && minute.start < underWay)) continue;
    const x = placeOf(minute, newest);
    const from = before ? placeOf(before, newest) : x;
    if (before && (before.seenMs < wholeMs || isBroken(series.breaks, from, x))) {
      for (const points of [mean, low, high]) points.push({ x: from + 1, y: NaN });
    }
    mean.push({ x, y: minute.sum / minute.seenMs });
    low.push({ x, y: minute.min });
    high.push({ x, y: minute.max });
    before = minute;
  }
  series.mean.splice(0, series.mean.length, ...mean);
  series.low.splice(0, series.low.length, ...low);
  series.high.splice(0, series.high.length, ...high);
}

function isBroken(breaks: readonly number[], from: number, to: number): boolean {
  return to - from > 1.5 * minuteMs || breaks.some((at) => at >= from && at < to);
}
