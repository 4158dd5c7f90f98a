import { describe, expect, it } from 'vitest';
import type { OeeLosses } from '@/api/types';
import { lossBars, waterfall } from './loss_waterfall';

const losses = (more: Partial<OeeLosses> = {}): OeeLosses => ({
  success: true,
  time_range: { start_time: '', end_time: '' },
  planned_hours: 10,
  unknown_hours: 2,
  break_hours: 1,
  effective_hours: 4,
  losses: [
    { loss: 'breakdown', factor: 'availability', hours: 2, percentage: 25 },
    { loss: 'reduced_speed', factor: 'performance', hours: 2, percentage: 25 },
    { loss: 'startup_rejects', factor: 'quality', hours: null, percentage: null },
  ],
  oee_percentage: 50,
  performance_flag: false,
  ...more,
});

describe('the waterfall of losses', () => {
  it('falls from planned time that was seen to effective time without a hole', () => {
    const steps = waterfall(losses());
    expect(steps.map(({ id }) => id)).toEqual([
      'planned_seen',
      'breakdown',
      'reduced_speed',
      'startup_rejects',
      'effective',
    ]);
    expect(steps.map(({ bar }) => bar)).toEqual([[0, 100], [75, 100], [50, 75], null, [0, 50]]);
    expect(steps[0]?.hours).toBe(8);
  });

  it('rises at a line that is faster than its ideal rate', () => {
    const fast = losses({
      losses: [{ loss: 'reduced_speed', factor: 'performance', hours: -0.8, percentage: -10 }],
    });
    expect(waterfall(fast)[1]?.bar).toEqual([110, 100]);
  });

  it('is empty when nothing was planned, or nothing of it was seen', () => {
    expect(waterfall(losses({ planned_hours: 0, unknown_hours: 0 }))).toEqual([]);
    expect(waterfall(losses({ unknown_hours: 10 }))).toEqual([]);
  });

  it('draws each step once, in the series of its factor', () => {
    const content = lossBars(
      waterfall(losses()),
      ({ id }) => id,
      (group) => group,
    );
    const drawn = content.labels.map((_, index) => content.series.filter(({ values }) => values[index] !== null));
    expect(drawn.map((series) => series.map(({ id }) => id))).toEqual([
      ['time'],
      ['availability'],
      ['performance'],
      [],
      ['time'],
    ]);
  });
});
