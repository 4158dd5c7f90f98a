import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { fromInputText, hourOfDay, shift, startOf, toDateText, toInputText } from './calendar';
import { fromQuery, previousOf, rangeFault, rangeOf, stepped, toQuery, widened } from './range';

const hour = 3_600_000;
const day = 24 * hour;
const utc = (text: string) => Date.parse(`${text}Z`);

beforeEach(() => setPlantZone('Asia/Shanghai'));
afterEach(() => setPlantZone(undefined));

describe('the calendar', () => {
  it('begins days, weeks and months on the clocks of the plant', () => {
    const now = utc('2026-11-29T17:30:00'); // Monday 01:30 in Shanghai.
    expect(startOf('day', now)).toBe(utc('2026-11-29T16:00:00'));
    expect(startOf('week', now)).toBe(utc('2026-11-29T16:00:00'));
    expect(startOf('month', now)).toBe(utc('2026-10-31T16:00:00'));
    expect(hourOfDay(now)).toBe(1);
    expect(toDateText(now)).toBe('2026-11-30');
  });

  it('counts a day of 25 hours as one day', () => {
    setPlantZone('Europe/Berlin');
    const before = utc('2026-10-24T22:00:00'); // Midnight, summer time.
    expect(shift('day', before, 1) - before).toBe(25 * hour);
  });

  it('reads what it writes, and refuses what is no time', () => {
    const now = utc('2026-11-29T17:30:00');
    expect(toInputText(now)).toBe('2026-11-30T01:30');
    expect(fromInputText('2026-11-30T01:30')).toBe(now);
    expect(fromInputText('2026-11-30')).toBe(utc('2026-11-29T16:00:00'));
    expect(fromInputText('tomorrow')).toBeNull();
  });
});

describe('a range', () => {
  const now = utc('2026-11-30T04:00:00'); // Monday noon in Shanghai.

  it('of a length ends now', () => {
    expect(rangeOf('24h', now)).toEqual({ start: now - day, end: now });
  });

  it('of a calendar word is whole, or ends now', () => {
    expect(rangeOf('today', now)).toEqual({ start: now - 12 * hour, end: now });
    expect(rangeOf('yesterday', now)).toEqual({ start: now - 36 * hour, end: now - 12 * hour });
    expect(rangeOf('last_week', now).end).toBe(now - 12 * hour);
  });

  it('is compared with the same part of the period before', () => {
    expect(previousOf('today', now)).toEqual({ start: now - 36 * hour, end: now - day });
    expect(previousOf('yesterday', now)).toEqual({ start: now - 60 * hour, end: now - 36 * hour });
    expect(previousOf('24h', now)).toEqual({ start: now - 2 * day, end: now - day });
    expect(previousOf({ start: 10 * hour, end: 12 * hour }, now)).toEqual({ start: 8 * hour, end: 10 * hour });
  });

  it('moves by its length and never ahead of now', () => {
    expect(stepped({ start: now - day, end: now }, -1, now)).toEqual({ start: now - 2 * day, end: now - day });
    expect(stepped({ start: now - day, end: now }, 1, now)).toEqual({ start: now - day, end: now });
  });

  it('widens to twice its length, up to now', () => {
    expect(widened({ start: now - day, end: now }, now)).toEqual({ start: now - 2 * day, end: now });
    expect(widened({ start: now - 10 * hour, end: now - 8 * hour }, now)).toEqual({
      start: now - 11 * hour,
      end: now - 7 * hour,
    });
  });

  it('stands in the address and comes back from it', () => {
    expect(fromQuery({ ...toQuery('7d') })).toBe('7d');
    expect(fromQuery({ ...toQuery({ start: now - day, end: now }) })).toEqual({ start: now - day, end: now });
    expect(fromQuery({ range: 'for ever' })).toBeNull();
    expect(fromQuery({ from: 'x', to: 'y' })).toBeNull();
    expect(fromQuery({ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' })).toBeNull();
  });

  it('is refused with the reason', () => {
    expect(rangeFault(null, now)).toBe('incomplete');
    expect(rangeFault(now, now - 1)).toBe('reversed');
    expect(rangeFault(now - 1000, now)).toBe('tooShort');
    expect(rangeFault(now - 4000 * day, now)).toBe('tooLong');
    expect(rangeFault(now - day, now)).toBeNull();
  });
});
