import { expect, it } from 'vitest';
import type { OeeStop } from '@/api/types';
import { longestStops } from './stops';

const stop = (start_time: string, duration_s: number) => ({ start_time, duration_s }) as OeeStop;

it('the longest stops stand first, the earlier of equals before the later, and the list is short', () => {
  const found = longestStops([stop('c', 5), stop('b', 9), stop('d', 1), stop('a', 5)], 3);
  expect(found.map(({ start_time }) => start_time)).toEqual(['b', 'a', 'c']);
});
