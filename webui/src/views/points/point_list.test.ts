import { describe, expect, it } from 'vitest';
import type { Point, Trust } from '@/api/types';
import type { PointNow } from './point_now';
import {
  ariaSort,
  countByQuality,
  csvHead,
  csvRows,
  matching,
  nextSort,
  pageOf,
  sorted,
  type PointFilter,
  type PointLine,
} from './point_list';

function line(key: string, quality: Trust, more: Partial<Point> = {}): PointLine {
  const [device_id = '', name = ''] = key.split('.');
  const point = { point: key, device_id, name, tag: `Tag.${name}`, age_s: 1, scan_ms: 100, ...more } as Point;
  const now: PointNow = { value: 1, quality, reason: null, code: '', status: '', time: 0 };
  return { point, now, deviceName: device_id.toUpperCase(), pointName: name };
}

const lines = [
  line('a.power', 'good', { age_s: 5 }),
  line('b.power10', 'bad', { age_s: null }),
  line('b.power2', 'uncertain', { age_s: 1 }),
];
const names = (found: readonly PointLine[]) => found.map(({ point }) => point.point);
const filter = (more: Partial<PointFilter>): PointFilter => ({ find: '', device: '', quality: '', ...more });

describe('the list of points', () => {
  it('is found by every word in a name, the tag or the device, in any case', () => {
    expect(names(matching(lines, filter({ find: 'TAG power1' })))).toEqual(['b.power10']);
    expect(names(matching(lines, filter({ device: 'b', find: 'power' })))).toEqual(['b.power10', 'b.power2']);
    expect(matching(lines, filter({ find: 'b nothing' }))).toEqual([]);
  });

  it('is counted by quality', () => {
    expect(countByQuality(lines)).toEqual({ good: 1, uncertain: 1, bad: 1 });
  });

  it('keeps the order of the plant until somebody sorts it', () => {
    expect(names(sorted(lines, ''))).toEqual(names(lines));
    expect(names(sorted(lines, 'quality'))).toEqual(['b.power10', 'b.power2', 'a.power']);
    expect(names(sorted(lines, '-device'))).toEqual(['b.power10', 'b.power2', 'a.power']);
  });

  it('sorts numbers in names as numbers and what is not known last', () => {
    expect(names(sorted(lines, 'point'))).toEqual(['a.power', 'b.power2', 'b.power10']);
    expect(names(sorted(lines, 'age'))).toEqual(['b.power2', 'a.power', 'b.power10']);
  });

  it('turns a column up, down and off', () => {
    expect(nextSort('', 'tag')).toBe('tag');
    expect(nextSort('tag', 'tag')).toBe('-tag');
    expect(nextSort('-tag', 'tag')).toBe('');
    expect(nextSort('-tag', 'age')).toBe('age');
    expect(['tag', '-tag', ''].map((sort) => ariaSort(sort as 'tag', 'tag'))).toEqual([
      'ascending',
      'descending',
      'none',
    ]);
  });

  it('shows the last page for one beyond it', () => {
    expect(pageOf(250, 9, 100)).toMatchObject({ page: 3, total_pages: 3 });
    expect(pageOf(0, 2, 100)).toMatchObject({ page: 1, total_pages: 0 });
  });
});

it('writes a point as a row with its time in UTC', () => {
  const [row] = csvRows([line('a.power', 'good')], () => '');
  expect(row).toHaveLength(csvHead.length);
  expect(row?.at(-1)).toBe('1970-01-01T00:00:00.000Z');
});
