import { describe, expect, it } from 'vitest';
import type { Gap, HistoryBuckets } from '@/api/types';
import { minuteMs, PowerTrend, windowMs } from './power_trend';

const iso = (ms: number) => new Date(ms).toISOString();

interface Given {
  minute: number;
  avg: number;
  coverage?: number;
}

/** Buckets of a minute whose extremes lie one kW around their mean. */
function history(buckets: readonly Given[], gaps: readonly Gap[] = []): HistoryBuckets {
  return {
    success: true,
    device_id: 'total',
    interval: '1m',
    gaps: [...gaps],
    data: buckets.map(({ minute, avg, coverage = 1 }) => ({
      timestamp: iso(minute * minuteMs),
      end: iso((minute + 1) * minuteMs),
      points: { power_kw: { min: avg - 1, max: avg + 1, avg, last: avg, count: 60, coverage } },
    })),
  };
}

const means = (trend: PowerTrend) => trend.points('total').mean.map(({ y }) => y);

function seconds(trend: PowerTrend, from: number, to: number, value: number | null): void {
  for (let second = from; second <= to; second += 1) trend.push('total', second * 1000, value);
}

describe('the power trend', () => {
  it('has a mean and a band of each minute, in the middle of it', () => {
    const trend = new PowerTrend(['total', 'reject']);
    trend.fill(
      'total',
      history([
        { minute: 0, avg: 3 },
        { minute: 1, avg: 5 },
      ]),
      10 * minuteMs,
    );

    expect(trend.points('total')).toMatchObject({
      mean: [
        { x: 30_000, y: 3 },
        { x: 90_000, y: 5 },
      ],
      low: [
        { x: 30_000, y: 2 },
        { x: 90_000, y: 4 },
      ],
      high: [
        { x: 30_000, y: 4 },
        { x: 90_000, y: 6 },
      ],
    });
    expect(trend.points('reject').mean).toEqual([]);
  });

  it('weighs live values by the time that they were held', () => {
    const trend = new PowerTrend(['total']);
    trend.push('total', 1000, 2);
    trend.push('total', 3000, 5);
    trend.push('total', 4000, 5);

    expect(means(trend)).toEqual([3]);
    expect(trend.statistics('total')).toEqual({ min: 2, avg: 3, max: 5 });
  });

  it('goes on from the part of the minute that the history knows', () => {
    const trend = new PowerTrend(['total']);
    trend.push('total', 30_000, 4);
    trend.fill('total', history([{ minute: 0, avg: 2, coverage: 0.5 }]), 31_000);
    trend.push('total', 32_000, 4);

    expect(means(trend)).toEqual([(2 * 30 + 4 * 2) / 32]);
  });

  it('keeps of a minute the account that saw more of it', () => {
    const trend = new PowerTrend(['total']);
    seconds(trend, 0, 59, 7);
    trend.fill('total', history([{ minute: 0, avg: 2, coverage: 0.8 }]), minuteMs);
    expect(means(trend)).toEqual([7]);

    trend.fill('total', history([{ minute: 0, avg: 2 }]), minuteMs);
    expect(means(trend)).toEqual([2]);
  });

  it('breaks the line in a gap, and where a minute was not stored at all', () => {
    const trend = new PowerTrend(['total']);
    const gap = { from: iso(95_000), to: iso(100_000), cause: 'link' };
    const given = [0, 1, 2, 5].map((minute) => ({ minute, avg: minute }));
    trend.fill('total', history(given, [gap]), 10 * minuteMs);

    expect(means(trend)).toEqual([0, 1, NaN, 2, NaN, 5]);
  });

  it('does not go on from a minute with a hole, and leaves out one that was hardly seen', () => {
    const trend = new PowerTrend(['total']);
    const given = [
      { minute: 0, avg: 1, coverage: 0.6 },
      { minute: 1, avg: 2 },
      { minute: 2, avg: 3, coverage: 0.1 },
      { minute: 3, avg: 4 },
    ];
    trend.push('total', 10 * minuteMs, null);
    trend.fill('total', history(given), 10 * minuteMs);

    expect(means(trend)).toEqual([1, NaN, 2, NaN, 4]);
  });

  it('breaks the line where a live value was bad and where messages stayed away', () => {
    const trend = new PowerTrend(['total']);
    seconds(trend, 0, 50, 1);
    seconds(trend, 51, 60, null);
    seconds(trend, 61, 115, 2);
    seconds(trend, 125, 130, 3);

    expect(means(trend)).toEqual([1, NaN, 2, NaN, 3]);
  });

  it('takes back a break that the history knows better', () => {
    const trend = new PowerTrend(['total']);
    seconds(trend, 0, 50, 1);
    seconds(trend, 65, 100, 1);
    expect(means(trend)).toEqual([1, NaN, 1]);

    trend.fill(
      'total',
      history([
        { minute: 0, avg: 1 },
        { minute: 1, avg: 1, coverage: 0.7 },
      ]),
      200_000,
    );

    expect(means(trend)).toEqual([1, 1]);
  });

  it('ignores what is not newer than the last value', () => {
    const trend = new PowerTrend(['total']);
    trend.push('total', 2000, 1);
    trend.push('total', 3000, 1);
    trend.push('total', 1000, 9);

    expect(trend.statistics('total').max).toBe(1);
  });

  it('keeps its arrays and stays bounded to its window', () => {
    const trend = new PowerTrend(['total']);
    const { mean } = trend.points('total');
    seconds(trend, 0, 7200, 1);
    trend.trim(7200_000);

    expect(trend.points('total').mean).toBe(mean);
    expect(mean.length).toBeLessThanOrEqual(windowMs / minuteMs + 2);
    expect(mean[0]?.x).toBeLessThan(7200_000 - windowMs);
  });

  it('is empty until there is a value, and has no statistics then', () => {
    const trend = new PowerTrend(['total']);
    expect(trend.empty).toBe(true);
    expect(trend.statistics('total')).toEqual({ min: null, avg: null, max: null });

    seconds(trend, 0, 2, 1);
    expect(trend.empty).toBe(false);
  });
});
