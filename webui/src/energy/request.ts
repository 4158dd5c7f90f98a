import { shift } from '@/time/calendar';
import type { TimeRange } from '@/time/range';

/** What the parts of the page read; a new object when they shall read again. */
export interface EnergyRequest {
  /** Of whole quarter hours. */
  range: TimeRange;
  /** What it is compared with. */
  previous: TimeRange;
}

/** The same dates a year ago; of the 29th of February the 28th. */
export function yearBefore({ start, end }: TimeRange): TimeRange {
  return { start: shift('month', start, -12), end: shift('month', end, -12) };
}
