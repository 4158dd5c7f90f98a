import { expect, it } from 'vitest';
import { gapSummary } from './gaps';

const iso = (minute: number) => new Date(minute * 60_000).toISOString();
const gap = (from: number, to: number) => ({ from: iso(from), to: iso(to), cause: 'link down' });
const range = { start: 60 * 60_000, end: 120 * 60_000 };

it('gaps are counted and added up as far as they lie in the period', () => {
  const { count, totalMs } = gapSummary([gap(50, 65), gap(70, 72), gap(110, 130), gap(0, 10)], range, 5);
  expect(count).toBe(3);
  expect(totalMs).toBe((5 + 2 + 10) * 60_000);
});

it('the longest are told first, and no more than were asked for', () => {
  const { longest } = gapSummary([gap(61, 62), gap(70, 80), gap(90, 95)], range, 2);
  expect(longest.map(({ start }) => start / 60_000)).toEqual([70, 90]);
});
