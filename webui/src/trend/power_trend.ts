// The points of the power chart: one series a device, of the last ten minutes. Plain arrays, outside Vue.
import type { Rows } from '@/api/history';

export const windowMs = 10 * 60 * 1000;
const tickMs = 1000;
/** Live values further apart are not joined by a line: nothing proved the time between. */
const breakMs = 3 * tickMs;

/** y is NaN where a gap begins: the line is broken there, never drawn through. */
export interface TrendPoint {
  x: number;
  y: number;
}

export interface SeriesStatistics {
  min: number | null;
  avg: number | null;
  max: number | null;
}

/** History rows with a break at each gap, in ascending time. */
export function pointsOf(history: Rows): TrendPoint[] {
  const points = history.rows.map((row) => ({
    x: Date.parse(row.timestamp),
    y: typeof row.power_kw === 'number' ? row.power_kw : NaN,
  }));
  const gaps = history.gaps.map((gap) => ({
    from: Date.parse(gap.from),
    to: Date.parse(gap.to),
  }));
  const kept = points.filter(({ x }) => !gaps.some(({ from, to }) => x > from && x < to));
  for (const { from } of gaps) kept.push({ x: from + 1, y: NaN });
  return kept.filter(({ x }) => Number.isFinite(x)).sort((a, b) => a.x - b.x);
}

export class PowerTrend {
  private readonly series: Map<string, TrendPoint[]>;

  /** `ids`: the devices, in the order of the legend. */
  constructor(readonly ids: readonly string[]) {
    this.series = new Map(ids.map((id) => [id, []]));
  }

  /** The live array of one series: Chart.js draws from it. Empty for an unknown device. */
  points(id: string): TrendPoint[] {
    return this.series.get(id) ?? [];
  }

  get empty(): boolean {
    return this.ids.every((id) => this.points(id).length === 0);
  }

  /** Puts history before what came live meanwhile. */
  fill(id: string, history: Rows): void {
    const points = this.points(id);
    const past = pointsOf(history);
    const newest = past.at(-1)?.x ?? -Infinity;
    const live = points.filter((point) => point.x > newest);
    const first = live[0];
    // Not read yet is not known: broken until a later fill brings what lies between.
    if (first && first.x - newest > breakMs) past.push({ x: newest + 1, y: NaN });
    points.splice(0, points.length, ...past.filter(({ x }) => x > -Infinity), ...live);
  }

  /** One live value, or nothing for a bad one. At most one point a tick and series is kept. */
  push(id: string, timeMs: number, value: number | null): void {
    const points = this.points(id);
    const last = points.at(-1);
    const y = value ?? NaN;
    if (last && timeMs < last.x) return; // The clock of the server stepped back.
    if (last && timeMs - last.x > breakMs) points.push({ x: last.x + 1, y: NaN });
    const sameTick = last !== undefined && Math.floor(timeMs / tickMs) === Math.floor(last.x / tickMs);
    if (sameTick && Number.isNaN(last.y) === Number.isNaN(y)) last.y = y;
    else points.push({ x: timeMs, y });
  }

  /** Forgets what left the window; one point before its edge stays, so the line enters it. */
  trim(nowMs: number): void {
    for (const id of this.ids) {
      const points = this.points(id);
      const first = points.findIndex((point) => point.x >= nowMs - windowMs);
      if (first > 1) points.splice(0, first - 1);
      else if (first === -1 && points.length > 1) points.splice(0, points.length - 1);
    }
  }

  statistics(id: string): SeriesStatistics {
    const numbers = this.points(id)
      .map((point) => point.y)
      .filter((y) => !Number.isNaN(y));
    if (numbers.length === 0) return { min: null, avg: null, max: null };
    const sum = numbers.reduce((total, y) => total + y, 0);
    return { min: Math.min(...numbers), avg: sum / numbers.length, max: Math.max(...numbers) };
  }
}
