import { describe, expect, it } from 'vitest';
import type { EnergyOverview } from '@/api/types';
import { isComparable, totalsOf } from './device_totals';

function overview(total: number | null, devices: Record<string, number | null>, coverage = 1): EnergyOverview {
  return {
    summary: {
      total_energy_kwh: total,
      devices: Object.entries(devices).map(([device_id, total_energy_kwh]) => ({
        device_id,
        total_energy_kwh,
        avg_power_kw: 2,
        max_power_kw: 3,
        min_power_kw: 1,
        record_count: 10,
        coverage,
      })),
    },
  } as unknown as EnergyOverview;
}

const now = overview(12, { saw: 4, mill: 6, line: 12 });
const before = overview(10, { saw: 5, mill: 4, line: 10 });

describe('the totals of a range', () => {
  it('are those of the line, and its devices are not added to it', () => {
    const totals = totalsOf(now, before, 'line');
    expect(totals.plantKwh).toBe(12);
    expect(totals.line?.kwh).toBe(12);
    expect(totals.devices.map(({ id }) => id)).toEqual(['saw', 'mill']);
  });

  it('give each device its share of the sum of the devices', () => {
    expect(totalsOf(now, before, 'line').devices.map(({ share }) => share)).toEqual([0.4, 0.6]);
  });

  it('name what no device meter saw', () => {
    expect(totalsOf(now, before, 'line').unmeteredKwh).toBe(2);
    expect(totalsOf(now, before, null).unmeteredKwh).toBeNull();
  });

  it('tell the change of each device and of the plant', () => {
    const totals = totalsOf(now, before, 'line');
    expect(totals.change).toEqual({ difference: 2, ratio: 0.2 });
    expect(totals.devices[1]).toMatchObject({ previousKwh: 4, difference: 2, ratio: 0.5 });
  });

  it('of which one device is not known have no sum, no shares and no rest', () => {
    const totals = totalsOf(overview(12, { saw: 4, mill: null, line: 12 }), before, 'line');
    expect(totals.sumKwh).toBeNull();
    expect(totals.unmeteredKwh).toBeNull();
    expect(totals.devices.map(({ share }) => share)).toEqual([null, null]);
  });

  it('are covered as much as the meter that was seen least', () => {
    const totals = totalsOf(overview(1, { saw: 1 }, 0.75), overview(null, {}), null);
    expect(totals.coverage).toBe(0.75);
    expect(totals.previousCoverage).toBeNull();
  });

  it('are compared only with a time that was seen, too', () => {
    expect(isComparable(totalsOf(now, before, 'line'))).toBe(true);
    expect(isComparable(totalsOf(now, overview(4, { saw: 4 }, 0.3), 'line'))).toBe(false);
    expect(isComparable(totalsOf(now, overview(null, {}), 'line'))).toBe(false);
  });
});
