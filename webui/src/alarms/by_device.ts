import type { Alarm, AlarmLevel } from '@/api/types';
import { worstFirst } from './alarm_store';

export interface DeviceAlarms {
  count: number;
  /** Of those not acknowledged, else of the others; null when there is none. */
  worst: AlarmLevel | null;
}

/** What a device asks for: `alarms` are those that are open and not hidden. */
export function alarmsOf(alarms: readonly Alarm[], deviceId: string): DeviceAlarms {
  const own = alarms.filter(({ device_id }) => device_id === deviceId).sort(worstFirst);
  return { count: own.length, worst: own[0]?.alarm_level ?? null };
}

/** Open ones first, the worst of them leading; then what is over, the newest first. Each once. */
export function openThenNewest(open: readonly Alarm[], newest: readonly Alarm[]): Alarm[] {
  const known = new Set(open.map(({ id }) => id));
  const over = newest.filter(({ id, state }) => !known.has(id) && state === 'normal');
  return [...[...open].sort(worstFirst), ...over];
}
