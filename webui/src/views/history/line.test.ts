import { describe, expect, it } from 'vitest';
import { lineContent, pointsOf, previousId, wordsOf, type LineNames } from './line';
import type { Recording } from './recording';
import { minute, period, point, reading, track } from './testing';

const names: LineNames = {
  of: ({ point: { point: key } }) => key,
  previous: ({ point: { point: key } }) => `${key} before`,
  word: (word) => word.toUpperCase(),
};
const flat = (points: readonly { x: number; y: number }[]) => points.map(({ x, y }) => [x / minute, y]);
const value = ({ value: of }: { value: number | null }) => of;

describe('the points of a line', () => {
  it('hold the last value to the end of its bucket and break there', () => {
    expect(flat(pointsOf([reading(0, 1), reading(1, 2)], value, [], 10 * minute))).toEqual([
      [0, 1],
      [1, 2],
      [2, 2],
      [2, NaN],
    ]);
  });

  it('break at a bucket without a value and begin anew after it', () => {
    expect(flat(pointsOf([reading(0, 1), reading(1, null), reading(2, 3)], value, [], 10 * minute))).toEqual([
      [0, 1],
      [1, 1],
      [1, NaN],
      [2, 3],
      [3, 3],
      [3, NaN],
    ]);
  });

  it('break where rows are missing', () => {
    const points = flat(pointsOf([reading(0, 1), reading(5, 2)], value, [], 10 * minute));
    expect(points.slice(0, 4)).toEqual([
      [0, 1],
      [1, 1],
      [1, NaN],
      [5, 2],
    ]);
  });

  it('leave out exactly the time of a gap inside a bucket', () => {
    const gap = { from: 0.25 * minute, to: 0.75 * minute, cause: '' };
    expect(flat(pointsOf([reading(0, 1), reading(1, 2)], value, [gap], 10 * minute)).slice(0, 5)).toEqual([
      [0, 1],
      [0.25, 1],
      [0.25, NaN],
      [0.75, 1],
      [1, 2],
    ]);
  });

  it('begin after a gap that reaches into the bucket, however many there are', () => {
    const gaps = [
      { from: -minute, to: 0.5 * minute, cause: '' },
      { from: 1.5 * minute, to: 4 * minute, cause: '' },
    ];
    const readings = [reading(0, 1), reading(1, 2), reading(2, null), reading(3, null), reading(4, 5)];
    expect(flat(pointsOf(readings, value, gaps, 10 * minute))).toEqual([
      [0.5, 1],
      [1, 2],
      [1.5, 2],
      [1.5, NaN],
      [4, 5],
      [5, 5],
      [5, NaN],
    ]);
  });

  it('do not run ahead of the range', () => {
    expect(flat(pointsOf([reading(0, 1)], value, [], 0.5 * minute)).at(-1)).toEqual([0.5, NaN]);
  });
});

describe('the line chart', () => {
  const power = track(point('line.power_kw'), [1, 2]);
  const asked = {
    points: [power.point],
    range: { start: 0, end: 10 * minute },
    step: '1m' as const,
    previous: { start: -10 * minute, end: 0 },
  };

  it('lays the earlier period on the same axis, under the series that it belongs to', () => {
    const before = period([track(point('line.power_kw'), [7], -10)], { range: asked.previous });
    const recording: Recording = { asked, current: period([power]), previous: before };
    const { series } = lineContent(recording, new Set([previousId('line.power_kw')]), names);
    expect(series.map(({ name, comparedWith, hidden }) => [name, comparedWith, hidden])).toEqual([
      ['line.power_kw', undefined, false],
      ['line.power_kw before', 0, true],
    ]);
    expect(flat(series[1]?.points ?? [])[0]).toEqual([0, 7]);
    expect(series[1]?.band).toBeUndefined();
  });

  it('has a band where a bucket spans more than one value, and none for rows', () => {
    const wide = { point: point('a.power_kw'), readings: [reading(0, 2, { low: 1, high: 3 })] };
    const content = lineContent({ asked, current: period([wide, power]), previous: null }, new Set(), names);
    expect(flat(content.series[0]?.band?.high ?? [])[0]).toEqual([0, 3]);
    expect(content.series[1]?.band).toBeUndefined();
  });

  it('has no bands while more series than four would lie on each other', () => {
    const wide = (name: string) => ({
      point: point(`a.${name}`),
      readings: [reading(0, 2, { low: 1, high: 3 })],
    });
    const recording = { asked, current: period(['a', 'b', 'c', 'd', 'e'].map(wide)), previous: null };
    const banded = (hidden: ReadonlySet<string>) =>
      lineContent(recording, hidden, names).series.filter(({ band }) => band).length;
    expect(banded(new Set())).toBe(0);
    expect(banded(new Set(['a.e']))).toBe(5);
  });

  it('draws states as steps on an axis of words, a meter on an axis that need not begin at zero', () => {
    const words = ['running', 'jammed', null, 'standby'];
    const state = {
      point: point('a.status', 'state', ''),
      readings: words.map((word, index) => reading(index, null, { word })),
    };
    const meter = track(point('a.energy_kwh', 'counter', 'kWh'), [5]);
    const content = lineContent({ asked, current: period([state, meter]), previous: null }, new Set(), names);
    expect(wordsOf([state])).toEqual(['standby', 'running', 'jammed']);
    expect(content.words).toEqual({ state: ['STANDBY', 'RUNNING', 'JAMMED'] });
    expect(content.series[0]).toMatchObject({ unit: 'state', stepped: true });
    expect(flat(content.series[0]?.points ?? [])).toContainEqual([2, NaN]);
    expect(content.series[1]?.fromZero).toBe(false);
  });
});
