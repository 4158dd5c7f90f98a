import { expect, it } from 'vitest';
import { pointGroups } from './point_groups';
import { point } from './testing';

const names = {
  device: (id: string) => ({ total: 'Line total', press: 'Press' })[id] ?? id,
  short: ({ name }: { name: string }) => (name === 'power_kw' ? 'Power' : name),
};
const points = [point('press.power_kw'), point('total.power_kw'), point('total.scan_count', 'counter', '')];
const found = (typed: string) =>
  pointGroups(points, ['total', 'press'], typed, names).map(({ title, points: of }) => [title, of.length]);

it('points stand under their devices, the line first', () => {
  expect(found('')).toEqual([
    ['Line total', 2],
    ['Press', 1],
  ]);
});

it('are found by any words of device, name, key or unit, in any case', () => {
  expect(found('PRESS power')).toEqual([['Press', 1]]);
  expect(found('kw total')).toEqual([['Line total', 1]]);
  expect(found('scan_count')).toEqual([['Line total', 1]]);
  expect(found('boiler')).toEqual([]);
});
