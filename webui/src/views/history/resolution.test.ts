import { describe, expect, it } from 'vitest';
import { heatFault, maxHeatDays, offered, stepOf, zoomedTo } from './resolution';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 29);
const last = (length: number) => ({ start: now - length, end: now });

describe('the resolutions of a range', () => {
  it('are those that give at least one and at most 2,000 buckets; rows only up to an hour', () => {
    expect(offered(last(10 * minute), now)).toEqual(['raw', '1m']);
    expect(offered(last(hour), now)).toEqual(['raw', '1m', '15m', 'hour']);
    expect(offered(last(day), now)).toEqual(['1m', '15m', 'hour', 'day']);
    expect(offered(last(7 * day), now)).toEqual(['15m', 'hour', 'day', 'week']);
    expect(offered(last(30 * day), now)).toEqual(['hour', 'day', 'week', 'month']);
    expect(offered(last(3650 * day), now)).toEqual(['week', 'month']);
  });

  it('have no minutes where the server has removed them', () => {
    const old = { start: now - 500 * day, end: now - 500 * day + day };
    expect(offered(old, now)).not.toContain('1m');
    expect(offered(last(day), now, now - 401 * day)).not.toContain('1m');
  });

  it('automatic: rows for minutes, the finest for lines, fewer for bars, hours for the heat map', () => {
    const step = (length: number, view: 'line' | 'bar' | 'heat' | 'table') =>
      stepOf('auto', view, last(length), offered(last(length), now));
    expect(step(5 * minute, 'line')).toBe('raw');
    expect(step(5 * minute, 'bar')).toBe('1m');
    expect(step(day, 'line')).toBe('1m');
    expect(step(day, 'table')).toBe('1m');
    expect(step(day, 'bar')).toBe('15m');
    expect(step(30 * day, 'line')).toBe('hour');
    expect(step(30 * day, 'bar')).toBe('day');
    expect(step(30 * day, 'heat')).toBe('hour');
  });

  it('keep what was asked for as long as it fits', () => {
    expect(stepOf('hour', 'line', last(day), offered(last(day), now))).toBe('hour');
    expect(stepOf('1m', 'line', last(30 * day), offered(last(30 * day), now))).toBe('hour');
  });
});

it('a heat map needs two days and ends where hours are too many', () => {
  expect(heatFault(last(day))).toBe('heatTooShort');
  expect(heatFault(last(2 * day))).toBeNull();
  expect(heatFault(last(maxHeatDays * day))).toBeNull();
  expect(heatFault(last((maxHeatDays + 1) * day))).toBe('heatTooLong');
});

it('a time that was dragged too short grows to a minute, not beyond now', () => {
  expect(zoomedTo({ start: now - hour, end: now - hour + 20_000 }, now)).toEqual({
    start: now - hour - 20_000,
    end: now - hour + 40_000,
  });
  expect(zoomedTo({ start: now - 10_000, end: now }, now)).toEqual({ start: now - minute, end: now });
  expect(zoomedTo(last(hour), now)).toEqual(last(hour));
});
