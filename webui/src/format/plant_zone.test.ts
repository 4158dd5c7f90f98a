import { afterEach, expect, it } from 'vitest';
import { formatClock } from './numbers';
import { plantZone, setPlantZone } from './plant_zone';

afterEach(() => setPlantZone(undefined));

const noonUtc = Date.UTC(2026, 0, 1, 12);

it('shows times in the zone of the plant', () => {
  setPlantZone('Asia/Shanghai');
  expect(formatClock(noonUtc, 'en')).toBe('20:00:00');
  setPlantZone('UTC');
  expect(formatClock(noonUtc, 'en')).toBe('12:00:00');
});

it('falls back to the browser for a zone that it does not know', () => {
  setPlantZone('Mars/Olympus');
  expect(plantZone.value).toBeUndefined();
});
