// The ledger of energy and the OEE know quarter hours; a range between them is not whole.
import type { TimeRange } from './range';

export const quarterMs = 15 * 60_000; // Zones differ by whole quarter hours, so those of UTC are those of the plant.

/** The quarter hours of a range that are over, so that a mean or a comparison is not made with a part of one.
 *  A range without a whole one is widened, as the API does. */
export function wholeQuarters({ start, end }: TimeRange): TimeRange {
  const from = Math.floor(start / quarterMs) * quarterMs;
  const to = Math.floor(end / quarterMs) * quarterMs;
  return { start: from, end: to > from ? to : from + quarterMs };
}
