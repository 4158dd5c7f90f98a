import { beforeAll, expect, it, vi } from 'vitest';
import { unitsOf, valueAxes, valueText } from './value_axes';

vi.mock('@/theme/theme', () => ({ tokenColour: (name: string) => name }));

const series = [{ unit: 'kW' }, { unit: 'kWh', fromZero: false as const }, { unit: 'state' }, { unit: 'kW' }];
const words = { state: ['Standby', 'Running'] };
let axes: ReturnType<typeof valueAxes>;
beforeAll(() => {
  axes = valueAxes({ series, words, lanes: true }, (unit) => unit, 'en');
});

it('has an axis a unit in the order of the series', () => {
  expect(unitsOf({ series })).toEqual(['kW', 'kWh', 'state']);
});

it('lays lanes below each other, the first unit on top', () => {
  const lanes = Object.entries(axes) as unknown as [string, { position: string; weight: number }][];
  expect(lanes.map(([id, { position, weight }]) => [id, position, weight])).toEqual([
    ['y0', 'left', 3],
    ['y1', 'left', 2],
    ['y2', 'left', 1],
  ]);
});

it('begins at zero unless all of the unit need not', () => {
  expect([axes.y0?.beginAtZero, axes.y1?.beginAtZero]).toEqual([true, false]);
});

it('without lanes stands left and right', () => {
  const beside = valueAxes({ series }, (unit) => unit, 'en');
  expect(Object.entries(beside).map(([id, { position }]) => [id, position])).toEqual([
    ['y0', 'left'],
    ['y1', 'right'],
    ['y2', 'right'],
  ]);
});

it('says words for states and numbers for the rest', () => {
  expect(valueText({ series, words }, 'state', 1, 3, 'en')).toBe('Running');
  expect(valueText({ series, words }, 'state', 9, 3, 'en')).toBe('–');
  expect(valueText({ series, words }, 'kW', 1.5, 3, 'en')).toBe('1.500');
});
