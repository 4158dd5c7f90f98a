// Buckets of the history as what a chart, a table and statistics need.
import type { LineSeries, ChartPoint } from '@/chart/line_chart';
import type { Bucket, HistoryBuckets, PointStatistics } from '@/api/types';

type Statistics = Bucket['points'][string];

/** Of a number; a state has no mean. */
export function isNumber(statistics: Statistics | undefined): statistics is PointStatistics {
  return statistics !== undefined && 'avg' in statistics;
}

const middle = (bucket: Bucket) => (Date.parse(bucket.timestamp) + Date.parse(bucket.end)) / 2;

/** Mean and band of a point; the line is broken where a bucket has no value and where a gap began. */
export function seriesOf(history: HistoryBuckets, id: string, name: string, unit: string): LineSeries {
  const points: ChartPoint[] = [];
  const [low, high]: [ChartPoint[], ChartPoint[]] = [[], []];
  const gaps = history.gaps.map(({ from }) => Date.parse(from));
  let before: number | null = null;
  for (const bucket of history.data) {
    const x = middle(bucket);
    const statistics = bucket.points[id];
    const known = isNumber(statistics) && statistics.avg !== null;
    const gap = before !== null && gaps.some((at) => at >= (before ?? x) && at < x);
    if (!known || gap) for (const list of [points, low, high]) list.push({ x: known ? x - 1 : x, y: NaN });
    before = x;
    if (!known) continue;
    points.push({ x, y: statistics.avg ?? NaN });
    low.push({ x, y: statistics.min ?? NaN });
    high.push({ x, y: statistics.max ?? NaN });
  }
  return { id, name, unit, points, band: { low, high } };
}

export interface RangeStatistics {
  min: number | null;
  avg: number | null;
  max: number | null;
  /** A number, or the word of a state. */
  last: number | string | null;
  /** Part of the buckets' time with a usable value; null without buckets. */
  coverage: number | null;
}

/** Of all buckets together: the mean weighs each by the time in which its value was held. */
export function statisticsOf(history: HistoryBuckets, point: string): RangeStatistics {
  const result: RangeStatistics = { min: null, avg: null, max: null, last: null, coverage: null };
  let [sum, heldMs, wholeMs] = [0, 0, 0];
  for (const bucket of history.data) {
    const statistics = bucket.points[point];
    const length = Date.parse(bucket.end) - Date.parse(bucket.timestamp);
    wholeMs += length;
    if (!statistics) continue;
    heldMs += statistics.coverage * length;
    result.last = statistics.last ?? result.last;
    if (!isNumber(statistics) || statistics.avg === null) continue;
    sum += statistics.avg * statistics.coverage * length;
    result.min = Math.min(result.min ?? Infinity, statistics.min ?? Infinity);
    result.max = Math.max(result.max ?? -Infinity, statistics.max ?? -Infinity);
  }
  if (wholeMs > 0) result.coverage = Math.min(1, heldMs / wholeMs);
  if (result.min !== null && heldMs > 0) result.avg = sum / heldMs;
  return result;
}
