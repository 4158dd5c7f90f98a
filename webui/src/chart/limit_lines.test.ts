import { describe, expect, it } from 'vitest';
import type { Threshold } from '@/api/types';
import { limitLines } from './limit_lines';

const threshold = (part: Partial<Threshold>) =>
  ({
    parameter_name: 'power_kw',
    kind: 'limit',
    enabled: true,
    threshold_value: 3,
    unit: 'kW',
    ...part,
  }) as Threshold;

describe('the limits of a chart', () => {
  it('are those in force of the points that are drawn, the lowest first', () => {
    const lines = limitLines(
      [
        threshold({ threshold_value: 4, alarm_level: 'critical' }),
        threshold({ alarm_level: null }),
        threshold({ enabled: false }),
        threshold({ kind: 'rate' }),
        threshold({ parameter_name: 'speed' }),
      ],
      ['power_kw'],
      ({ threshold_value }, level) => `${level} ${threshold_value}`,
    );

    expect(lines).toEqual([
      { value: 3, unit: 'kW', level: 'warning', text: 'warning 3' },
      { value: 4, unit: 'kW', level: 'critical', text: 'critical 4' },
    ]);
  });
});
