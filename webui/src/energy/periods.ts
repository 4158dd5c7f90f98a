// Values of the energy API by period: one row a period with a value of each device.
import type { EnergyPeriods } from '@/api/types';
import type { TimeRange } from '@/time/range';

export interface Period extends TimeRange {
  /** By device id; null: nothing is known. */
  values: ReadonlyMap<string, number | null>;
}

/** In ascending time. */
export function periodsOf({ summary }: EnergyPeriods): Period[] {
  const byStart = new Map<string, { start: number; end: number; values: Map<string, number | null> }>();
  for (const { time_period, end, device_id, value } of summary.data) {
    const found = byStart.get(time_period);
    if (found) found.values.set(device_id, value);
    else {
      const values = new Map([[device_id, value]]);
      byStart.set(time_period, { start: Date.parse(time_period), end: Date.parse(end), values });
    }
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** Of the line's own meter; in a plant without one the sum of all devices, when all of them are known. */
export function plantValue({ values }: Period, line: string | null): number | null {
  if (line !== null) return values.get(line) ?? null;
  let sum = 0;
  for (const value of values.values()) {
    if (value === null) return null;
    sum += value;
  }
  return values.size > 0 ? sum : null;
}

export const isEmpty = (periods: readonly Period[]) =>
  periods.every(({ values }) => [...values.values()].every((value) => value === null));

/** Why the value of a period is not that of the whole of it. */
export type PeriodPart = 'running' | 'reaches_out' | null;

/** Periods are whole ones: the first and the last may reach out of the range, the last may not be over. */
export function partOf({ start, end }: TimeRange, range: TimeRange, nowMs: number): PeriodPart {
  if (end > nowMs) return 'running';
  return start < range.start || end > range.end ? 'reaches_out' : null;
}
