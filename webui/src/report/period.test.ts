import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { kindOf, neighbour, reportPeriod } from './period';

const at = (text: string) => Date.parse(`2026-${text}:00+08:00`);
const now = at('03-11T10:07'); // A Wednesday.

beforeEach(() => setPlantZone('Asia/Shanghai'));
afterEach(() => setPlantZone(undefined));

describe('the period of a report', () => {
  it('is the day, week or month of the plant that the date lies in', () => {
    expect(reportPeriod('day', '2026-03-09', now).whole).toEqual({
      start: at('03-09T00:00'),
      end: at('03-10T00:00'),
    });
    expect(reportPeriod('week', '2026-03-05', now).whole).toEqual({
      start: at('03-02T00:00'),
      end: at('03-09T00:00'),
    });
    expect(reportPeriod('month', '2026-02-28', now).whole).toEqual({
      start: at('02-01T00:00'),
      end: at('03-01T00:00'),
    });
  });

  it('without a date, with a wrong one or one of the future is the last that is over', () => {
    const yesterday = at('03-10T00:00');
    for (const date of [undefined, 'nonsense', '2027-01-01']) {
      expect(reportPeriod('day', date, now).whole.start).toBe(yesterday);
    }
    expect(reportPeriod('month', undefined, now).whole.start).toBe(at('02-01T00:00'));
  });

  it('is compared with the whole one before it', () => {
    const { range, previous, running } = reportPeriod('month', '2026-02-01', now);
    expect(running).toBe(false);
    expect(range).toEqual({ start: at('02-01T00:00'), end: at('03-01T00:00') });
    expect(previous).toEqual({ start: at('01-01T00:00'), end: at('02-01T00:00') });
  });

  it('that is not over ends with its last quarter hour and is compared with as much of the one before', () => {
    const { range, previous, running } = reportPeriod('day', '2026-03-11', now);
    expect(running).toBe(true);
    expect(range.end).toBe(at('03-11T10:00'));
    expect(previous).toEqual({ start: at('03-10T00:00'), end: at('03-10T10:00') });
  });

  it('has a neighbour before it, and one after it unless that has not begun', () => {
    const yesterday = reportPeriod('day', '2026-03-10', now);
    expect(neighbour(yesterday, -1, now)).toBe('2026-03-09');
    expect(neighbour(yesterday, 1, now)).toBe('2026-03-11');
    expect(neighbour(reportPeriod('day', '2026-03-11', now), 1, now)).toBeNull();
  });

  it('is a day when the address names no kind that exists', () => {
    expect(kindOf('year')).toBe('day');
    expect(kindOf('week')).toBe('week');
  });
});
