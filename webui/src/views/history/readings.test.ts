import { describe, expect, it } from 'vitest';
import type { Bucket, HistoryRow } from '@/api/types';
import { readingsOfBuckets, readingsOfRows, unseenOf } from './readings';
import { point } from './testing';

const at = (minutes: number) => new Date(minutes * 60_000).toISOString();
const numbers = (min: number | null, max: number | null, last: number | null) => ({
  min,
  max,
  avg: min,
  last,
  count: 1,
  coverage: min === null ? 0 : 1,
});

function buckets(name: string, values: ReturnType<typeof numbers>[], energy: (number | null)[] = []): Bucket[] {
  return values.map((value, index) => ({
    timestamp: at(index),
    end: at(index + 1),
    energy_kwh: energy[index] ?? null,
    points: { [name]: value },
  }));
}

describe('readings of buckets', () => {
  it('take energy from the ledger, never from the meter', () => {
    const meter = point('total.energy_kwh', 'counter', 'kWh');
    const told = buckets('energy_kwh', [numbers(5, 9, 9), numbers(9, 12, 12)], [3.5, null]);
    expect(readingsOfBuckets(meter, told).map(({ used }) => used)).toEqual([3.5, null]);
  });

  it('count what another counter grew by, and say nothing when it was reset', () => {
    const products = point('total.product_count', 'counter', '');
    const told = buckets('product_count', [
      numbers(10, 14, 14),
      numbers(14, 15, 15),
      numbers(0, 15, 3), // Reset within the bucket.
      numbers(3, 4, 4),
      numbers(0, 6, 6), // Reset, and beyond the old value at once.
      numbers(null, null, null),
    ]);
    expect(readingsOfBuckets(products, told).map(({ used }) => used)).toEqual([4, 1, null, 1, null, null]);
  });

  it('keep the word of a state and have no numbers for it', () => {
    const state = point('total.status', 'state', '');
    const told: Bucket[] = [
      { timestamp: at(0), end: at(1), points: { status: { last: 'running', count: 2, coverage: 1 } } },
    ];
    expect(readingsOfBuckets(state, told)[0]).toMatchObject({ word: 'running', value: null, coverage: 1 });
  });
});

describe('readings of rows', () => {
  const row = (second: number, power_kw: number | null) =>
    ({
      timestamp: new Date(second * 1000).toISOString(),
      device_id: 'total',
      quality: 'good',
      power_kw,
    }) as HistoryRow;

  it('stand for a tick each, so that a hole between rows is a hole', () => {
    const found = readingsOfRows(point('total.power_kw'), [row(0, 1), row(1, 2), row(9, 3)]);
    expect(found.map(({ from, to }) => [from, to])).toEqual([
      [0, 1000],
      [1000, 2000],
      [9000, 10_000],
    ]);
  });

  it('without a usable value are not known, never 0', () => {
    const [found] = readingsOfRows(point('total.power_kw'), [row(0, null)]);
    expect(found).toMatchObject({ value: null, last: null, coverage: 0 });
  });
});

it('the gaps of several devices are those of the plant, each once and in order', () => {
  const gap = (from: number, to: number) => ({ from: at(from), to: at(to), cause: 'c' });
  expect(unseenOf([gap(5, 6), gap(1, 2), gap(5, 6)]).map(({ from }) => from / 60_000)).toEqual([1, 5]);
});

it('a part of a second after an outage belongs to it', () => {
  const gap = (from: number, to: number, cause: string) => ({ from: at(from), to: at(to), cause });
  const found = unseenOf([gap(1, 2, 'stopped'), gap(2, 2.0125, 'connecting'), gap(3, 3.0125, 'connecting')]);
  expect(found.map(({ from, to, cause }) => [from / 60_000, to / 60_000, cause])).toEqual([
    [1, 2.0125, 'stopped'],
    [3, 3.0125, 'connecting'],
  ]);
});
