import { describe, expect, it } from 'vitest';
import { holds, pageOf } from './paged';

describe('a list in pages', () => {
  it('shows the rows of its page and says how many there are', () => {
    expect(pageOf([1, 2, 3, 4, 5], 2, 2)).toEqual({
      rows: [3, 4],
      pagination: { page: 2, page_size: 2, total: 5, total_pages: 3 },
    });
  });

  it('shows its last page in place of one that it does not have', () => {
    expect(pageOf([1, 2, 3], 9, 2).rows).toEqual([3]);
    expect(pageOf([1, 2, 3], -1, 2).rows).toEqual([1, 2]);
    expect(pageOf([], 3, 2)).toEqual({
      rows: [],
      pagination: { page: 1, page_size: 2, total: 0, total_pages: 0 },
    });
  });
});

it('finds a part of a text in whatever case', () => {
  expect(holds('Anna.Berg', ' berg')).toBe(true);
  expect(holds('Anna.Berg', 'bergs')).toBe(false);
  expect(holds('Anna', '')).toBe(true);
});
