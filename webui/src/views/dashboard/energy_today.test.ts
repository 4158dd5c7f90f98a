import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnergyOverview } from '@/api/types';
import { setPlantZone } from '@/format/plant_zone';
import { compare, comparedRanges } from './energy_today';

const utc = (text: string) => Date.parse(`${text}Z`);
const overview = (kwh: number | null, coverage = 1) =>
  ({ summary: { total_energy_kwh: kwh, devices: [{ coverage }] } }) as EnergyOverview;

beforeEach(() => setPlantZone('Asia/Shanghai'));
afterEach(() => setPlantZone(undefined));

describe('energy today against yesterday', () => {
  it('counts both days from midnight of the plant up to the last whole quarter hour', () => {
    expect(comparedRanges(utc('2026-11-30T04:14:59'))).toEqual({
      today: { start: utc('2026-11-29T16:00:00'), end: utc('2026-11-30T04:00:00') },
      yesterday: { start: utc('2026-11-28T16:00:00'), end: utc('2026-11-29T04:00:00') },
    });
  });

  it('has nothing to compare before the first quarter hour of the day is over', () => {
    expect(comparedRanges(utc('2026-11-29T16:14:59'))).toBeNull();
    expect(comparedRanges(utc('2026-11-29T16:15:00'))).not.toBeNull();
  });

  it('is a change only where both days are known', () => {
    expect(compare(overview(11), overview(10, 0.5), 0)).toEqual({
      until: 0,
      todayKwh: 11,
      yesterdayKwh: 10,
      change: 0.1,
      coverage: 0.5,
    });
    expect(compare(overview(11), overview(null), 0).change).toBeNull();
    expect(compare(overview(null), overview(10), 0).change).toBeNull();
    expect(compare(overview(11), overview(0), 0).change).toBeNull();
  });
});
