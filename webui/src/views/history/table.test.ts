import { describe, expect, it } from 'vitest';
import { changeOf, partners } from './compared';
import { gapCauseKey } from '@/components/gap_cause';
import type { Recording } from './recording';
import { tableRows } from './table';
import { columnsOf, valueOf } from './table_columns';
import { minute, period, point, reading, track } from './testing';

const asked = { points: [], range: { start: 0, end: 10 * minute }, step: '1m' as const, previous: null };
const power = point('a.power_kw');

describe('the rows of the table', () => {
  it('have a cell a point, in order of time, with the coverage of the worst', () => {
    const other = { point: point('b.power_kw'), readings: [reading(0, 5, { coverage: 0.5 }), reading(2, 6)] };
    const rows = tableRows({ asked, current: period([track(power, [1, 2]), other]), previous: null });
    expect(
      rows.map((row) => row.kind === 'values' && [row.coverage, ...row.cells.map(({ reading: of }) => of?.value)]),
    ).toEqual([
      [0.5, 1, 5],
      [1, 2, undefined],
      [1, undefined, 6],
    ]);
  });

  it('put a gap where it begins, with its cause, also inside a bucket', () => {
    const gaps = [{ from: 0.5 * minute, to: 3 * minute, cause: 'link lost' }];
    const current = period([track(power, [1, null, null, 4])], { gaps });
    const rows = tableRows({ asked, current, previous: null });
    expect(rows.map((row) => (row.kind === 'gap' ? row.cause : row.from / minute))).toEqual([0, 'link lost', 3]);
  });

  it('make one row of buckets without any value that no gap explains', () => {
    const rows = tableRows({ asked, current: period([track(power, [null, null, 3])]), previous: null });
    expect(rows[0]).toEqual({ kind: 'gap', from: 0, to: 2 * minute, cause: null });
    expect(rows).toHaveLength(2);
  });
});

describe('the comparison', () => {
  it('pairs readings by their moved begin, at most half a reading apart', () => {
    const current = [reading(10, 1), reading(11, 2), reading(12, 3)];
    const previous = [reading(0, 7), reading(1, 8)].map((of) => ({ ...of, from: of.from + 20_000 }));
    const found = partners(current, previous, 10 * minute).map((of) => of?.value ?? null);
    expect(found).toEqual([7, 8, null]);
    expect(partners(current, [], 0)).toEqual([null, null, null]);
  });

  it('tells a change only where both values are known, and no ratio to nothing', () => {
    expect(changeOf(3, 2)).toEqual({ difference: 1, ratio: 0.5 });
    expect(changeOf(3, 0)).toEqual({ difference: 3, ratio: null });
    expect(changeOf(null, 2)).toEqual({ difference: null, ratio: null });
  });

  it('stands beside the number that it belongs to', () => {
    const meter = point('a.energy_kwh', 'counter', 'kWh');
    const state = point('a.status', 'state', '');
    const kinds = (of: typeof power, step: '1m' | 'raw') => columnsOf([of], step, true).map(({ kind }) => kind);
    expect(kinds(power, '1m')).toEqual(['mean', 'before', 'change', 'low', 'high']);
    expect(kinds(power, 'raw')).toEqual(['value', 'before', 'change']);
    expect(kinds(meter, '1m')).toEqual(['used', 'before', 'change', 'last']);
    expect(kinds(state, '1m')).toEqual(['word', 'before']);
    const cell = { reading: reading(0, 100, { used: 3 }), before: reading(0, 90, { used: 2 }) };
    expect(valueOf({ track: 0, kind: 'before' }, meter, '1m', cell)).toBe(2);
    expect(valueOf({ track: 0, kind: 'change' }, meter, '1m', cell)).toEqual({ difference: 1, ratio: 0.5 });
    expect(valueOf({ track: 0, kind: 'before' }, meter, 'raw', cell)).toBe(90);
  });

  it('has both periods in the rows', () => {
    const previous = period([track(power, [7, 8], -10)], { range: { start: -10 * minute, end: 0 } });
    const recording: Recording = {
      asked: { ...asked, previous: previous.range },
      current: period([track(power, [1, 2])]),
      previous,
    };
    const cells = tableRows(recording).flatMap((row) => (row.kind === 'values' ? row.cells : []));
    expect(cells.map(({ reading: of, before }) => [of?.value, before?.value])).toEqual([
      [1, 7],
      [2, 8],
    ]);
  });
});

it('a cause that the product writes has a text, one of another program keeps its own', () => {
  expect(gapCauseKey('no record: the collector was not running')).toBe('notRunning');
  expect(gapCauseKey('BadConnectionClosed')).toBeNull();
});
