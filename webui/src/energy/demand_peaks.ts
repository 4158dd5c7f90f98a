// The highest quarter hours of a range: demand is energy of a quarter hour, as a supplier bills it.
import type { TimeRange } from '@/time/range';
import { quarterMs } from '@/time/quarters';
import { plantValue, type Period } from './periods';

const callMs = 20 * 86_400_000; // 1,920 quarter hours: the API gives at most 2,000.
const mostCalls = 5;
export const peaksShown = 10;

export interface Peak extends TimeRange {
  demandKw: number;
}

/** One a call of the API, the newest first; of a range longer than 100 days its end. */
export function demandRanges({ start, end }: TimeRange): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (let to = end; to > start && ranges.length < mostCalls; to -= callMs) {
    ranges.push({ start: Math.max(start, to - callMs), end: to });
  }
  return ranges;
}

export const demandOf = (kwh: number, { start, end }: TimeRange) => kwh / ((end - start) / 3_600_000);

/** The highest first, the earlier one first of equals. A quarter hour that is not over is none. */
export function highestPeaks(periods: readonly Period[], line: string | null, nowMs: number): Peak[] {
  return periods
    .flatMap((period) => {
      const kwh = plantValue(period, line);
      if (kwh === null || period.end > nowMs || period.end - period.start !== quarterMs) return [];
      return [{ start: period.start, end: period.end, demandKw: demandOf(kwh, period) }];
    })
    .sort((a, b) => b.demandKw - a.demandKw || a.start - b.start)
    .slice(0, peaksShown);
}

export interface Contributor {
  id: string;
  demandKw: number;
  /** Of the sum of the devices, 0…1. */
  share: number;
}

/** The device that used most in it; null when a device is not known or none used anything. */
export function mainContributor(period: Period, line: string | null): Contributor | null {
  const devices = [...period.values].filter(([id]) => id !== line);
  let [sum, most]: [number, [string, number] | null] = [0, null];
  for (const [id, kwh] of devices) {
    if (kwh === null) return null;
    sum += kwh;
    if (most === null || kwh > most[1]) most = [id, kwh];
  }
  if (most === null || sum <= 0) return null;
  return { id: most[0], demandKw: demandOf(most[1], period), share: most[1] / sum };
}

/** More than any power that was seen in it: the meter caught up with energy of a time before, when
 *  nobody saw it, so that this quarter hour is not known to have had the demand. */
export function exceedsSeenPower(demandKw: number, highestKw: number | null): boolean {
  const measuringErrorKw = 0.01; // A counter of 1 Wh, read at both ends of a quarter hour.
  return highestKw === null || demandKw > highestKw * 1.02 + measuringErrorKw;
}
