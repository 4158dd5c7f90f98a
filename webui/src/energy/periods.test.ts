import { describe, expect, it } from 'vitest';
import type { EnergyPeriods } from '@/api/types';
import { isEmpty, partOf, periodsOf, plantValue } from './periods';

const at = (hour: number) => Date.UTC(2026, 2, 10, hour);
const iso = (hour: number) => new Date(at(hour)).toISOString();
const row = (hour: number, device_id: string, value: number | null) => ({
  time_period: iso(hour),
  end: iso(hour + 1),
  device_id,
  value,
});
const answer = (data: ReturnType<typeof row>[]) =>
  ({
    summary: { aggregate: 'sum', unit: 'kWh', interval: 'hour', data, total_records: data.length },
  }) as EnergyPeriods;

const both = answer([
  row(1, 'saw', 2),
  row(0, 'saw', 1),
  row(0, 'mill', null),
  row(1, 'mill', 4),
  row(1, 'line', 7),
]);

describe('the rows of the API', () => {
  it('become one period each, in the order of time, with a value of each device', () => {
    const periods = periodsOf(both);
    expect(periods.map(({ start, end }) => [start, end])).toEqual([
      [at(0), at(1)],
      [at(1), at(2)],
    ]);
    expect([...(periods[0]?.values ?? [])]).toEqual([
      ['saw', 1],
      ['mill', null],
    ]);
  });

  it('are empty when no device has a value', () => {
    expect(isEmpty(periodsOf(answer([row(0, 'saw', null)])))).toBe(true);
    expect(isEmpty(periodsOf(both))).toBe(false);
  });
});

describe('the value of the plant', () => {
  const [first, second] = periodsOf(both);

  it('is that of the line, to which its devices are not added', () => {
    expect(second && plantValue(second, 'line')).toBe(7);
  });

  it('is not known where the line has no value', () => {
    expect(first && plantValue(first, 'line')).toBeNull();
  });

  it('is the sum of all devices in a plant without a line, when all are known', () => {
    const [, whole] = periodsOf(answer([row(0, 'saw', 1), row(1, 'saw', 2), row(1, 'mill', 4)]));
    expect(whole && plantValue(whole, null)).toBe(6);
    expect(first && plantValue(first, null)).toBeNull();
  });
});

describe('a period', () => {
  const range = { start: at(0), end: at(2) };

  it('inside the range and over is whole', () => {
    expect(partOf({ start: at(0), end: at(1) }, range, at(5))).toBeNull();
  });

  it('says when it reaches out of the range', () => {
    expect(partOf({ start: at(-1), end: at(1) }, range, at(5))).toBe('reaches_out');
    expect(partOf({ start: at(1), end: at(3) }, range, at(5))).toBe('reaches_out');
  });

  it('says when it is not over', () => {
    expect(partOf({ start: at(1), end: at(3) }, range, at(2))).toBe('running');
  });
});
