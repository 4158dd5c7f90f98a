import { afterEach, expect, it } from 'vitest';
import { setPlantZone } from '@/format/plant_zone';
import { barsCsv } from './bars_csv';
import { fileName } from './file_name';
import { totalsCsv } from './totals_csv';

const t = (key: string) => key;
afterEach(() => setPlantZone(undefined));

it('the file of periods has times on the clocks of the plant and empty cells for what is not known', () => {
  setPlantZone('Asia/Shanghai');
  const period = {
    start: Date.UTC(2026, 2, 9, 16),
    end: Date.UTC(2026, 2, 9, 17),
    values: new Map([['saw', 1.234]]),
  };
  const columns = [
    { id: 'saw', name: 'Saw' },
    { id: 'mill', name: 'Mill' },
  ];
  expect(barsCsv([period], columns, t)).toEqual({
    head: ['range.from', 'range.to', 'Saw (kWh)', 'Mill (kWh)'],
    rows: [['2026-03-10T00:00:00.000+08:00', '2026-03-10T01:00:00.000+08:00', 1.234, null]],
  });
});

it('the file of totals has a line for each device and for the line, and a head for each column', () => {
  const row = (id: string) => ({
    id,
    kwh: 4,
    previousKwh: null,
    share: null,
    meanKw: 2,
    peakKw: 3,
    coverage: 1,
    difference: null,
    ratio: null,
  });
  const [devices, line] = [[row('saw')], row('total')];
  const change = { difference: null, ratio: null };
  const known = { coverage: 1, previousCoverage: null };
  const totals = { plantKwh: 4, previousKwh: null, change, devices, line, sumKwh: 4, unmeteredKwh: 0, ...known };
  const { head, rows } = totalsCsv(totals, t);
  expect(rows.map(([id, kwh]) => [id, kwh])).toEqual([
    ['saw', 4],
    ['total', 4],
  ]);
  expect(rows.map((cells) => cells.length)).toEqual([head.length, head.length]);
});

it('a file is named after its days', () => {
  setPlantZone('UTC');
  const day = 86_400_000;
  expect(fileName('energy-hour', { start: 0, end: day }, 'csv')).toBe('energy-hour-1970-01-01.csv');
  expect(fileName('energy-day', { start: 0, end: 2 * day })).toBe('energy-day-1970-01-01_1970-01-02');
});
