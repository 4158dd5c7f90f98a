import { describe, expect, it } from 'vitest';
import type { Bucket, HistoryBuckets } from '@/api/types';
import { seriesOf, statisticsOf } from './bucket_series';

const iso = (minute: number) => new Date(minute * 60_000).toISOString();

/** `avg` null: a bucket without a usable value. */
function bucket(minute: number, avg: number | null, coverage = 1): Bucket {
  const number = { min: avg, max: avg === null ? null : avg + 1, avg, last: avg, count: 1, coverage };
  const status = { last: avg === null ? null : 'running', count: 1, coverage };
  return { timestamp: iso(minute), end: iso(minute + 1), points: { power_kw: number, status } };
}

function history(data: Bucket[], gapAtS?: number): HistoryBuckets {
  const at = gapAtS === undefined ? '' : new Date(gapAtS * 1000).toISOString();
  const gaps = at ? [{ from: at, to: at, cause: 'link' }] : [];
  return { success: true, device_id: 'press', interval: '1m', data, gaps };
}

describe('a series of buckets', () => {
  it('stands in the middle of each bucket, with its band', () => {
    const series = seriesOf(history([bucket(0, 2)]), 'power_kw', 'Power', 'kW');

    expect(series.points).toEqual([{ x: 30_000, y: 2 }]);
    expect(series.band?.high).toEqual([{ x: 30_000, y: 3 }]);
  });

  it('is broken where nothing was measured and where a gap began', () => {
    const buckets = [bucket(0, 1), bucket(1, null, 0), bucket(2, 2), bucket(3, 3)];
    const { points, band } = seriesOf(history(buckets, 160), 'power_kw', 'Power', 'kW');

    expect(points.map(({ y }) => y)).toEqual([1, NaN, 2, NaN, 3]);
    expect(band?.low.length).toBe(points.length);
    expect(points.map(({ x }) => x)).toEqual([...points.map(({ x }) => x)].sort((a, b) => a - b));
  });

  it('of a point that was not stored is a line of gaps', () => {
    expect(seriesOf(history([bucket(0, 1)]), 'speed', 'Speed', 'm/s').points.map(({ y }) => y)).toEqual([NaN]);
  });
});

describe('the statistics of a range', () => {
  it('weigh each mean by the time in which it was held', () => {
    const buckets = history([bucket(0, 2), bucket(1, 8, 0.5), bucket(2, null, 0)]);

    expect(statisticsOf(buckets, 'power_kw')).toEqual({ min: 2, avg: 4, max: 9, last: 8, coverage: 0.5 });
  });

  it('of a state are its last word and its coverage', () => {
    expect(statisticsOf(history([bucket(0, 2), bucket(1, null, 0)]), 'status')).toEqual({
      min: null,
      avg: null,
      max: null,
      last: 'running',
      coverage: 0.5,
    });
  });

  it('without a value are unknown, never 0', () => {
    expect(statisticsOf(history([]), 'power_kw')).toEqual({
      min: null,
      avg: null,
      max: null,
      last: null,
      coverage: null,
    });
    expect(statisticsOf(history([bucket(0, null, 0)]), 'power_kw').avg).toBeNull();
  });
});
