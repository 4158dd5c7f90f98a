import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { intervalFor, intervalsFor, periodText, usualInterval } from './intervals';

const day = 86_400_000;
const long = (days: number) => ({ start: 0, end: days * day });

describe('the interval of bars', () => {
  it('grows with the range, so that bars can be told apart', () => {
    expect(usualInterval(long(1 / 48))).toBe('15m');
    expect(usualInterval(long(1))).toBe('hour');
    expect(usualInterval(long(2))).toBe('hour');
    expect(usualInterval(long(7))).toBe('day');
    expect(usualInterval(long(31))).toBe('day');
    expect(usualInterval(long(365))).toBe('week');
    expect(usualInterval(long(3653))).toBe('month');
  });

  it('may be any that is not longer than the range and gives not too many bars', () => {
    expect(intervalsFor(long(1))).toEqual(['15m', 'hour', 'day']);
    expect(intervalsFor(long(31))).toEqual(['hour', 'day', 'week', 'month']);
    expect(intervalsFor(long(3653))).toEqual(['week', 'month']);
  });

  it('falls back to the usual one when the address names one that does not fit', () => {
    expect(intervalFor('15m', long(1))).toBe('15m');
    expect(intervalFor('15m', long(365))).toBe('week');
    expect(intervalFor('nonsense', long(7))).toBe('day');
    expect(intervalFor(undefined, long(7))).toBe('day');
  });
});

describe('the name of a period', () => {
  beforeEach(() => setPlantZone('Asia/Shanghai'));
  afterEach(() => setPlantZone(undefined));

  it('is on the clocks of the plant and as fine as it must be', () => {
    const time = Date.UTC(2026, 2, 9, 16);
    expect(periodText(time, 'hour', 'en', day)).toBe('00:00');
    expect(periodText(time, 'hour', 'en', 2 * day)).toBe('03/10, 00:00');
    expect(periodText(time, 'day', 'en')).toBe('Tue, 03/10');
    expect(periodText(time, 'week', 'en')).toBe('03/10/2026');
    expect(periodText(time, 'month', 'en')).toBe('Mar 2026');
  });
});
