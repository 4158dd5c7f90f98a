// Energy of today, and of today and yesterday up to the same time of day.
import type { EnergyOverview } from '@/api/types';
import { previousOf, rangeOf, type TimeRange } from '@/time/range';

const quarterMs = 15 * 60_000;

/** The ledger widens ranges to whole quarter hours: only over those that are over do two days compare. */
export function comparedRanges(nowMs: number): { today: TimeRange; yesterday: TimeRange } | null {
  const end = Math.floor(nowMs / quarterMs) * quarterMs;
  const { start } = rangeOf('today', nowMs);
  if (end <= start) return null; // The first quarter hour of the day.
  return { today: { start, end }, yesterday: previousOf('today', end) };
}

export interface EnergyComparison {
  /** Epoch ms up to which both were counted. */
  until: number;
  todayKwh: number | null;
  yesterdayKwh: number | null;
  /** Change as a ratio: 0.1 is 10 % more than yesterday. Null when there is nothing to compare with. */
  change: number | null;
  /** Share of the worse day in which the meter was seen. */
  coverage: number;
}

/** Each of the line alone: one device, whose coverage counts. */
export function compare(today: EnergyOverview, yesterday: EnergyOverview, until: number): EnergyComparison {
  const [todayKwh, yesterdayKwh] = [today.summary.total_energy_kwh, yesterday.summary.total_energy_kwh];
  const comparable = todayKwh !== null && yesterdayKwh !== null && yesterdayKwh > 0;
  const seen = [today, yesterday].flatMap(({ summary }) => summary.devices.map(({ coverage }) => coverage));
  return {
    until,
    todayKwh,
    yesterdayKwh,
    change: comparable ? (todayKwh - yesterdayKwh) / yesterdayKwh : null,
    coverage: Math.min(1, ...seen),
  };
}
