// The highest quarter hours with what is known of each: two small calls a peak.
import { energyPeriods } from '@/api/energy';
import {
  demandRanges,
  exceedsSeenPower,
  highestPeaks,
  mainContributor,
  type Contributor,
  type Peak,
} from '@/energy/demand_peaks';
import { periodsOf, plantValue } from '@/energy/periods';
import type { TimeRange } from '@/time/range';

export interface PeakDetails extends Peak {
  contributor: Contributor | null;
  /** Highest power that was seen in it. */
  highestKw: number | null;
  doubtful: boolean;
}

async function detailsOf(peak: Peak, line: string | null, signal: AbortSignal): Promise<PeakDetails> {
  const [used, power] = await Promise.all([
    energyPeriods(peak, '15m', 'sum', signal),
    energyPeriods(peak, '15m', 'max', signal, line ?? ''),
  ]);
  const [usedIn, powerIn] = [periodsOf(used)[0], periodsOf(power)[0]];
  const highestKw = powerIn ? plantValue(powerIn, line) : null;
  return {
    ...peak,
    contributor: usedIn ? mainContributor(usedIn, line) : null,
    highestKw,
    // The highest powers of several devices need not have been at the same time: without a line no doubt.
    doubtful: line !== null && exceedsSeenPower(peak.demandKw, highestKw),
  };
}

export interface Peaks {
  peaks: PeakDetails[];
  /** What was looked at: of a long range its end. */
  range: TimeRange;
}

export async function readPeaks(range: TimeRange, line: string | null, signal: AbortSignal): Promise<Peaks> {
  const ranges = demandRanges(range);
  const answers = await Promise.all(ranges.map((part) => energyPeriods(part, '15m', 'sum', signal, line ?? '')));
  const peaks = highestPeaks(answers.flatMap(periodsOf), line, Date.now());
  return {
    peaks: await Promise.all(peaks.map((peak) => detailsOf(peak, line, signal))),
    range: { start: ranges.at(-1)?.start ?? range.start, end: range.end },
  };
}
