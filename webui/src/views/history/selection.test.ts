import { describe, expect, it } from 'vitest';
import { maxPoints, queryOf, selectionOf } from './selection';

describe('the choice on the history page', () => {
  it('stands in the address and comes back from it', () => {
    const choice = {
      points: ['a.x', 'b.y'],
      resolution: 'hour',
      view: 'table',
      compare: true,
      heat: 'b.y',
    } as const;
    expect(selectionOf(queryOf({ ...choice, page: 3 }))).toEqual({ ...choice, page: 3 });
  });

  it('is the usual one without an address or with a wrong one, and tells no points from none', () => {
    const usual = { points: null, resolution: 'auto', view: 'line', compare: false, heat: '', page: 1 };
    expect(selectionOf({})).toEqual(usual);
    expect(selectionOf({ view: 'gauge', resolution: '2m', page: '-4', compare: 'yes', points: ['x'] })).toEqual(
      usual,
    );
    expect(selectionOf({ points: '' }).points).toEqual([]);
  });

  it('has each point once and no more than can be told apart', () => {
    const many = Array.from({ length: 20 }, (_, index) => `d.p${index}`);
    expect(selectionOf({ points: 'a.x,a.x,,b.y' }).points).toEqual(['a.x', 'b.y']);
    expect(selectionOf({ points: many.join(',') }).points).toHaveLength(maxPoints);
  });

  it('leaves what is usual out of the address and begins on the first page', () => {
    expect(queryOf({ view: 'line', resolution: 'auto', compare: false })).toEqual({
      view: undefined,
      resolution: undefined,
      compare: undefined,
      page: undefined,
    });
    expect(queryOf({ page: 2 })).toEqual({ page: '2' });
  });
});
