import { afterEach, beforeEach, expect, it } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { tickText, timeTicks } from './time_ticks';

const minute = 60_000;
const day = 1440 * minute;
const start = Date.parse('2026-11-29T16:00:00Z'); // Midnight in Shanghai.

beforeEach(() => setPlantZone('Asia/Shanghai'));
afterEach(() => setPlantZone(undefined));

it('stands on round times of the plant and never more often than asked', () => {
  for (const span of [minute, 10 * minute, 60 * minute, day, 7 * day, 30 * day, 366 * day, 3650 * day]) {
    const ticks = timeTicks(start + 7 * minute, start + 7 * minute + span, 8);
    expect(ticks.length, `${span}`).toBeGreaterThan(0);
    expect(ticks.length, `${span}`).toBeLessThanOrEqual(9);
  }
  expect(timeTicks(start, start + day, 8).map((at) => tickText(at, day, 'en'))).toEqual([
    '00:00',
    '03:00',
    '06:00',
    '09:00',
    '12:00',
    '15:00',
    '18:00',
    '21:00',
    '00:00',
  ]);
});

it('is empty for a range that is none', () => {
  expect(timeTicks(5, 5, 8)).toEqual([]);
  expect(timeTicks(NaN, 5, 8)).toEqual([]);
});
