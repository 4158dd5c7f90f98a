import { expect, it } from 'vitest';
import { niceTicks } from './nice_ticks';

it('marks are round and reach up to the largest value', () => {
  expect(niceTicks(57.9)).toEqual([0, 20, 40, 60]);
  expect(niceTicks(2.4)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
  expect(niceTicks(100)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(niceTicks(0.03)).toEqual([0, 0.01, 0.02, 0.03]);
});

it('without a value there is an axis all the same', () => {
  expect(niceTicks(0)).toEqual([0, 1]);
  expect(niceTicks(NaN)).toEqual([0, 1]);
});

it('there are never more than were asked for', () => {
  for (let max = 1; max < 5000; max += 13) expect(niceTicks(max).length).toBeLessThanOrEqual(6);
});
