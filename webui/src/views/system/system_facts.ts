// What the figures of /api/system mean for a person.
import type { ProcessState, SystemState } from '@/api/types';
import { formatNumber, none } from '@/format/numbers';

export type Verdict = 'unknown' | 'fine' | 'warning' | 'critical';

/** The limits of the alarm disk_low: a warning below 10 % or 1 GB, critical below 3 %. */
export function diskVerdict(disk: SystemState['host']['disk']): Verdict {
  if (!disk || !(disk.total_mb > 0)) return 'unknown';
  const share = disk.free_mb / disk.total_mb;
  if (share < 0.03) return 'critical';
  return share < 0.1 || disk.free_mb < 1000 ? 'warning' : 'fine';
}

/** A database that takes nothing for so long is down, not slow; the same patience as its alarm. */
const spoolPatienceS = 30;

export type SpoolState = 'unknown' | 'empty' | 'passing' | 'waiting';

/** Records pass through the spool all the time; only old ones mean that the database does not take them. */
export function spoolState({ rows, age_s }: SystemState['spool']): SpoolState {
  if (rows === null) return 'unknown';
  if (rows === 0) return 'empty';
  return (age_s ?? 0) > spoolPatienceS ? 'waiting' : 'passing';
}

export function processVerdict({ state, healthy }: ProcessState): Verdict {
  if (state === 'running') return healthy ? 'fine' : 'warning';
  return state === 'starting' ? 'unknown' : 'critical';
}

/** Part that is used, 0…1; null when it is not known. */
export function usedShare(used: number | null | undefined, total: number | null | undefined): number | null {
  if (used === null || used === undefined || total === null || total === undefined || !(total > 0)) return null;
  return Math.min(1, Math.max(0, used / total));
}

const mbAGb = 1000;

/** With the unit that reads best. */
export function sizeText(mb: number | null | undefined, locale: string): string {
  if (mb === null || mb === undefined || !Number.isFinite(mb)) return none;
  if (mb >= mbAGb) return `${formatNumber(mb / mbAGb, 1, locale)} GB`;
  return mb >= 1 || mb === 0 ? `${formatNumber(mb, 1, locale)} MB` : `${formatNumber(mb * 1000, 1, locale)} kB`;
}

/** A gauge or counter without labels of the text of /metrics; null when it is not there. */
export function metricOf(text: string, name: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  const value = Number(line?.slice(name.length + 1) ?? NaN);
  return Number.isFinite(value) ? value : null;
}
