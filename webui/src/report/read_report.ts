// All figures of a report from one moment: it is shown as a whole or not at all.
import { energyOverview, energyPeriods, type EnergyInterval } from '@/api/energy';
import { ApiError } from '@/api/errors';
import { readBuckets } from '@/api/history';
import { readLosses, readOee } from '@/api/oee';
import type { OeeFigures, OeeLosses } from '@/api/types';
import { demandRanges, highestPeaks, type Peak } from '@/energy/demand_peaks';
import { totalsOf, type Totals } from '@/energy/device_totals';
import { periodsOf, type Period } from '@/energy/periods';
import type { TimeRange } from '@/time/range';
import { mostFrequent, type FrequentAlarm } from './alarm_counts';
import { allAlarms, allStops } from './all_pages';
import { gapSummary, type GapSummary } from './gaps';
import type { ReportPeriod } from './period';
import { longestStops } from './stops';

const shown = 5;

export interface OeeReport {
  now: OeeFigures;
  before: OeeFigures;
  losses: OeeLosses;
  stops: { longest: ReturnType<typeof longestStops>; total: number; cut: boolean };
}

export interface AlarmReport {
  total: number;
  byLevel: Readonly<Record<string, number>>;
  frequent: FrequentAlarm[];
  cut: boolean;
}

export interface Report {
  period: ReportPeriod;
  madeAt: number;
  totals: Totals;
  /** Of the bars. */
  interval: EnergyInterval;
  bars: Period[];
  peak: Peak | null;
  /** Null: plant.json names no points for it. */
  oee: OeeReport | null;
  alarms: AlarmReport;
  /** Null: there is no point to see them by. */
  gaps: GapSummary | null;
}

async function readOeeReport({ range, previous }: ReportPeriod, signal: AbortSignal): Promise<OeeReport | null> {
  try {
    const [now, before, losses, stops] = await Promise.all([
      readOee(range, 'month', signal),
      readOee(previous, 'month', signal),
      readLosses(range, signal),
      allStops(range, signal),
    ]);
    const { rows, first, cut } = stops;
    return {
      now: now.overall,
      before: before.overall,
      losses,
      stops: { longest: longestStops(rows, shown), total: first.pagination.total, cut },
    };
  } catch (error) {
    if (error instanceof ApiError && error.code === 'oee_not_configured') return null;
    throw error;
  }
}

async function readAlarmReport(range: TimeRange, signal: AbortSignal): Promise<AlarmReport> {
  const { rows, first, cut } = await allAlarms(range, signal);
  const { total, by_level } = first.statistics;
  return { total, byLevel: by_level, frequent: mostFrequent(rows, shown), cut };
}

async function readPeak(range: TimeRange, line: string | null, signal: AbortSignal): Promise<Peak | null> {
  const parts = demandRanges(range);
  const answers = await Promise.all(parts.map((part) => energyPeriods(part, '15m', 'sum', signal, line ?? '')));
  return highestPeaks(answers.flatMap(periodsOf), line, Date.now())[0] ?? null;
}

async function readGaps(range: TimeRange, device: string | null, signal: AbortSignal): Promise<GapSummary | null> {
  if (device === null) return null;
  const { gaps } = await readBuckets(device, range, 'day', ['power_kw'], signal);
  return gapSummary(gaps, range, shown);
}

/** `line`: the device of the whole line, if the plant has one; `anyDevice`: one to see gaps by. */
export async function readReport(
  period: ReportPeriod,
  line: string | null,
  anyDevice: string | null,
  signal: AbortSignal,
): Promise<Report> {
  const { range, previous, kind } = period;
  const interval = kind === 'day' ? 'hour' : 'day';
  const [now, before, bars, peak, oee, alarms, gaps] = await Promise.all([
    energyOverview(range, signal),
    energyOverview(previous, signal),
    energyPeriods(range, interval, 'sum', signal),
    readPeak(range, line, signal),
    readOeeReport(period, signal),
    readAlarmReport(range, signal),
    readGaps(range, line ?? anyDevice, signal),
  ]);
  const totals = totalsOf(now, before, line);
  return { period, madeAt: Date.now(), totals, interval, bars: periodsOf(bars), peak, oee, alarms, gaps };
}
