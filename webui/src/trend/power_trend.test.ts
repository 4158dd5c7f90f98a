import { describe, expect, it } from 'vitest';
import { PowerTrend, windowMs } from './power_trend';

const row = (ms: number, power_kw: number | null) => ({
  timestamp: new Date(ms).toISOString(),
  device_id: 'total',
  quality: 'good' as const,
  energy_kwh: null,
  status: null,
  power_kw,
});

describe('the power trend', () => {
  it('puts history before the live values', () => {
    const trend = new PowerTrend(['total', 'reject']);
    trend.push('total', 3000, 3);
    trend.fill('total', { rows: [row(1000, 1), row(2000, 2)], gaps: [] });

    expect(trend.points('total').map(({ y }) => y)).toEqual([1, 2, 3]);
  });

  it('breaks the line in a gap and for a bad value', () => {
    const trend = new PowerTrend(['total', 'reject']);
    const gap = { from: new Date(2000).toISOString(), to: new Date(5000).toISOString(), cause: 'link' };
    trend.fill('total', { rows: [row(1000, 1), row(3000, 9), row(5000, 2)], gaps: [gap] });
    trend.push('total', 6000, null);

    expect(trend.points('total').map(({ y }) => y)).toEqual([1, NaN, 2, NaN]);
  });

  it('does not join values that lie more than three periods apart', () => {
    const trend = new PowerTrend(['total', 'reject']);
    trend.push('total', 1000, 1);
    trend.push('total', 9000, 2);

    expect(trend.points('total').map(({ y }) => y)).toEqual([1, NaN, 2]);
  });

  it('keeps one point a second, the newest', () => {
    const trend = new PowerTrend(['total', 'reject']);
    trend.push('total', 1000, 1);
    trend.push('total', 1400, 2);
    trend.push('total', 2000, 3);

    expect(trend.points('total')).toEqual([
      { x: 1000, y: 2 },
      { x: 2000, y: 3 },
    ]);
  });

  it('stays bounded to its window', () => {
    const trend = new PowerTrend(['total', 'reject']);
    Array.from({ length: 2000 }, (_, second) => trend.push('total', second * 1000, second));
    trend.trim(1999_000);

    expect(trend.points('total').length).toBe(windowMs / 1000 + 2);
  });

  it('has statistics over real values only', () => {
    const trend = new PowerTrend(['total', 'reject']);
    trend.push('total', 1000, 1);
    trend.push('total', 2000, null);
    trend.push('total', 3000, 4);

    expect(trend.statistics('total')).toEqual({ min: 1, avg: 2.5, max: 4 });
    expect(trend.statistics('reject')).toEqual({ min: null, avg: null, max: null });
  });
});
