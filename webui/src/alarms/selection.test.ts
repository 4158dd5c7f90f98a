import { describe, expect, it } from 'vitest';
import { allOrNone, extentOf, stretched, toggled } from './selection';

const ids = [11, 12, 13, 14];
const of = (...picked: number[]) => new Set(picked);

describe('the selection of rows', () => {
  it('takes a row in and out', () => {
    expect(toggled(of(), 12)).toEqual(of(12));
    expect(toggled(of(12, 13), 12)).toEqual(of(13));
  });

  it('takes all rows between the last touched one and this one, in either direction', () => {
    expect(stretched(of(11), ids, 11, 13)).toEqual(of(11, 12, 13));
    expect(stretched(of(14), ids, 14, 12)).toEqual(of(12, 13, 14));
  });

  it('lets go of all between when this row was picked', () => {
    expect(stretched(of(11, 12, 13), ids, 11, 12)).toEqual(of(13));
  });

  it('takes one row when nothing was touched before, or what was is on another page', () => {
    expect(stretched(of(), ids, null, 13)).toEqual(of(13));
    expect(stretched(of(), ids, 99, 13)).toEqual(of(13));
  });

  it('takes all of the page, and none when all are picked', () => {
    expect(allOrNone(of(12), ids)).toEqual(of(...ids));
    expect(allOrNone(of(...ids), ids)).toEqual(of());
  });

  it('tells none, some or all of the page', () => {
    expect([of(), of(99, 12), of(...ids)].map((picked) => extentOf(picked, ids))).toEqual(['none', 'some', 'all']);
    expect(extentOf(of(), [])).toBe('none');
  });
});
