// Which reading of the period before belongs to one of the period that is shown.
import type { Reading } from './readings';

/** The one whose moved begin is nearest, at most half a reading away: periods need not begin on whole buckets. */
export function partners(
  current: readonly Reading[],
  previous: readonly Reading[],
  shift: number,
): (Reading | null)[] {
  let at = 0;
  return current.map(({ from, to }) => {
    const distance = (index: number) => Math.abs((previous[index]?.from ?? Infinity) + shift - from);
    while (at + 1 < previous.length && distance(at + 1) <= distance(at)) at += 1;
    return distance(at) <= (to - from) / 2 ? (previous[at] ?? null) : null;
  });
}

export interface Change {
  difference: number | null;
  /** Part of the earlier value; null where that is 0. */
  ratio: number | null;
}

export function changeOf(value: number | null, before: number | null): Change {
  if (value === null || before === null) return { difference: null, ratio: null };
  const difference = value - before;
  return { difference, ratio: before === 0 ? null : difference / Math.abs(before) };
}
