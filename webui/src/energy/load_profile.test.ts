import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { loadProfile, profileRange } from './load_profile';

const hourMs = 3_600_000;
const at = (day: number, hour: number) => Date.UTC(2026, 2, day, hour); // The 7th of March 2026 is a Saturday.
const hour = (start: number, kw: number | null) => ({
  start,
  end: start + hourMs,
  values: new Map([['line', kw]]),
});

describe('the load profile', () => {
  beforeEach(() => setPlantZone('UTC'));
  afterEach(() => setPlantZone(undefined));

  it('has the mean and the spread of the days for each hour of the day', () => {
    const { all } = loadProfile([hour(at(9, 8), 4), hour(at(10, 8), 6), hour(at(10, 9), 1)], 'line');
    expect(all?.[8]).toEqual({ mean: 5, low: 4, high: 6, days: 2 });
    expect(all?.[9]).toEqual({ mean: 1, low: 1, high: 1, days: 1 });
  });

  it('leaves out an hour that nobody saw and does not take it for 0', () => {
    const { all } = loadProfile([hour(at(9, 8), null), hour(at(10, 8), 6)], 'line');
    expect(all?.[8]).toEqual({ mean: 6, low: 6, high: 6, days: 1 });
    expect(all?.[9]?.mean).toBeNull();
  });

  it('tells weekdays from the weekend when the range has both', () => {
    const both = loadProfile([hour(at(6, 8), 5), hour(at(7, 8), 1), hour(at(8, 8), 3)], 'line');
    expect(both.all).toBeNull();
    expect(both.weekdays?.[8]?.mean).toBe(5);
    expect(both.weekend?.[8]?.mean).toBe(2);
  });

  it('takes the hour and the day from the clocks of the plant', () => {
    setPlantZone('Asia/Shanghai'); // Friday 20:00 UTC is Saturday 04:00.
    const both = loadProfile([hour(at(6, 8), 5), hour(at(6, 20), 1)], 'line');
    expect(both.weekdays?.[16]?.mean).toBe(5);
    expect(both.weekend?.[4]?.mean).toBe(1);
  });

  it('of nothing is none', () => {
    expect(loadProfile([], 'line')).toEqual({ all: null, weekdays: null, weekend: null });
  });

  it('of a long range is made from its last 80 days', () => {
    const end = at(10, 0);
    expect(profileRange({ start: 0, end }).start).toBe(end - 80 * 24 * hourMs);
    expect(profileRange({ start: end - hourMs, end }).start).toBe(end - hourMs);
  });
});
