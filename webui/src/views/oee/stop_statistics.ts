// Stops by cause, and what can honestly be said of breakdowns.
import type { Downtime, OeeFigures, OeeStop, StopCause } from '@/api/types';
import type { CsvCell } from '@/data/csv';

export const causes: readonly StopCause[] = ['breakdown', 'setup', 'idle', 'minor_stop'];

export interface CauseRow {
  cause: StopCause;
  count: number;
  totalS: number;
  /** Null without a stop: there is nothing to take a mean of. */
  meanS: number | null;
}

export function causeRows(statistics: Downtime['statistics']): CauseRow[] {
  return causes.map((cause) => {
    const { count, duration_s: totalS } = statistics[cause];
    return { cause, count, totalS, meanS: count > 0 ? totalS / count : null };
  });
}

/** Fewer failures are no mean. */
const fewestFailures = 2;

export interface Reliability {
  /** Seconds; null: cannot be told. */
  mttr: number | null;
  mtbf: number | null;
  /** Why not, as a key of `oee.stops`. */
  reason: 'tooFewFailures' | 'truncated' | 'notAllSeen' | null;
}

/** Run time between breakdowns, and their mean length. A line that was not watched all the time may
 *  have failed unseen, and of a list that was cut the oldest are missing: then there is no number. */
export function reliability(downtime: Downtime, overall: OeeFigures): Reliability {
  const { count, duration_s } = downtime.statistics.breakdown;
  const mttr = count > 0 ? duration_s / count : null;
  if (downtime.truncated) return { mttr, mtbf: null, reason: 'truncated' };
  if (overall.coverage < 0.99) return { mttr, mtbf: null, reason: 'notAllSeen' };
  if (count < fewestFailures) return { mttr, mtbf: null, reason: 'tooFewFailures' };
  return { mttr, mtbf: (overall.total_runtime_hours * 3600) / count, reason: null };
}

export const stopHead = ['start_time', 'end_time', 'ongoing', 'duration_s', 'cause', 'state'] as const;

export function stopRows(stops: readonly OeeStop[]): CsvCell[][] {
  return stops.map((stop) => [
    stop.start_time,
    stop.end_time,
    String(stop.ongoing),
    stop.duration_s,
    stop.cause,
    stop.state,
  ]);
}
