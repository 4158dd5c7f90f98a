import { afterEach, expect, it } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { yearBefore } from './request';

afterEach(() => setPlantZone(undefined));

it('the year before is the same dates on the clocks of the plant', () => {
  setPlantZone('Europe/Berlin');
  const range = { start: Date.parse('2026-07-01T00:00+02:00'), end: Date.parse('2026-07-02T12:00+02:00') };
  expect(yearBefore(range)).toEqual({
    start: Date.parse('2025-07-01T00:00+02:00'),
    end: Date.parse('2025-07-02T12:00+02:00'),
  });
});
