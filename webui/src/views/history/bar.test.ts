import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { barGroups } from './bar';
import { heatContent, largestOf } from './heat';
import type { Recording } from './recording';
import { minute, period, point, reading, track } from './testing';

vi.mock('@/theme/theme', () => ({ tokenColour: (name: string) => name }));

const names = {
  of: ({ point: { point: key } }: { point: { point: string } }) => key,
  previous: ({ point: { point: key } }: { point: { point: string } }) => `${key} before`,
  word: (word: string) => word,
};
const hour = 60 * minute;

beforeEach(() => setPlantZone('Europe/Berlin'));
afterEach(() => setPlantZone(undefined));

const meter = {
  point: point('a.energy_kwh', 'counter', 'kWh'),
  readings: [reading(0, 100, { used: 3 }), reading(1, null)],
};
const recording: Recording = {
  asked: {
    points: [],
    range: { start: 0, end: 2 * minute },
    step: '1m',
    previous: { start: -2 * minute, end: 0 },
  },
  current: period([meter, track(point('a.power_kw'), [1, 2]), track(point('a.status', 'state', ''), [null])]),
  previous: period([
    { ...meter, readings: [reading(-2, 90, { used: 4 })] },
    track(point('a.power_kw'), [5, 6], -2),
    track(point('a.status', 'state', ''), [null], -2),
  ]),
};

it('bars are one chart a unit: energy used of the meter, means of power, nothing of states', () => {
  const groups = barGroups(recording, new Set(), names);
  expect(groups.map(({ unit, meaning }) => [unit, meaning])).toEqual([
    ['kWh', 'used'],
    ['kW', 'mean'],
  ]);
  expect(groups[0]?.series.map(({ values }) => values)).toEqual([
    [3, null],
    [4, null],
  ]);
  expect(groups[1]?.series.map(({ values, pale }) => [values, pale])).toEqual([
    [[1, 2], undefined],
    [[5, 6], true],
  ]);
  expect(groups[0]?.spans[1]).toEqual({ from: minute, to: 2 * minute });
});

it('a hidden series has no bars and stays in the legend', () => {
  const [energy] = barGroups(recording, new Set(['a.energy_kwh']), names);
  expect(energy?.series.map(({ id }) => id)).toEqual(['a.energy_kwh/previous']);
  expect(energy?.legend.map(({ id, comparedWith }) => [id, comparedWith])).toEqual([
    ['a.energy_kwh', undefined],
    ['a.energy_kwh/previous', 0],
  ]);
});

const hours = (first: number, values: readonly (number | null)[], key: 'used' | 'value') =>
  values.map((value, index) => ({
    ...reading(0, null, { [key]: value }),
    from: first + index * hour,
    to: first + (index + 1) * hour,
  }));
const dayLabel = (at: number) => new Date(at).toISOString().slice(0, 13);

it('the heat map has a cell an hour on the clocks of the plant; an unknown one is empty, not 0', () => {
  const midnight = Date.parse('2026-11-28T23:00:00Z');
  const power = { point: point('a.power_kw'), readings: hours(midnight - hour, [1, null, 3], 'value') };
  const content = heatContent(power, dayLabel);
  expect(content.columns).toEqual(['2026-11-27T23', '2026-11-28T23']);
  expect(content.cells).toEqual([
    { column: '2026-11-27T23', row: '23:00', value: 1 },
    { column: '2026-11-28T23', row: '00:00', value: null },
    { column: '2026-11-28T23', row: '01:00', value: 3 },
  ]);
  expect(largestOf(content)).toBe(3);
  expect(largestOf({ ...content, cells: [] })).toBeNull();
});

it('the hour that comes twice when the clocks go back is one cell: energy of both, the mean of both', () => {
  const first = Date.parse('2026-10-25T00:00:00Z'); // 02:00 summer time; 02:00 comes again at 01:00 UTC.
  const energy = { ...meter, readings: hours(first, [2, 3], 'used') };
  const power = { point: point('a.power_kw'), readings: hours(first, [2, 3], 'value') };
  expect(heatContent(energy, dayLabel).cells.map(({ row, value }) => [row, value])).toEqual([['02:00', 5]]);
  expect(heatContent(power, dayLabel).cells.map(({ value }) => value)).toEqual([2.5]);
});
