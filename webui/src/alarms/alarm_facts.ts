// What a row of `alarms` means: which unit its values have, what can be done with it, where it leads.
import type { Alarm } from '@/api/types';
import { perSecond } from '@/format/units';
import type { QueryValues } from '@/time/range';

const sameUnit = ['high', 'low', 'deviation'];
const units: Readonly<Record<string, string>> = {
  stale: 's',
  clock_step: 's',
  spool_filling: '%',
  disk_low: '%',
  oee_low: '%',
  mail_failing: 'min',
};

/** Unit of `actual_value` and `threshold_value`; null when they are codes or do not belong to it. */
export function unitOf({ message_key, unit }: Alarm): string | null {
  if (sameUnit.includes(message_key)) return unit;
  if (message_key === 'rate') return perSecond(unit);
  return units[message_key] ?? null;
}

/** Of Wattline itself, not of a device of the plant. */
export const isSystem = ({ device_id }: Pick<Alarm, 'device_id'>) => device_id === 'system';

export const canAcknowledge = ({ state }: Alarm) => state === 'active_unacked' || state === 'cleared_unacked';
export const canUnshelve = ({ state }: Alarm) => state === 'shelved';
/** Not what is over: the server would accept it only for the newest row of an alarm. */
export const canShelve = ({ state }: Alarm) => state !== 'normal' && state !== 'out_of_service';

const minute = 60_000;
const longestMs = 6 * 60 * minute;

/** The history of its point from before it was raised to after it was gone; null for Wattline's own. */
export function historyQuery(alarm: Alarm, nowMs: number): QueryValues | null {
  const raised = Date.parse(alarm.timestamp);
  if (isSystem(alarm) || !Number.isFinite(raised)) return null;
  const cleared = Date.parse(alarm.cleared_at ?? '');
  const over = Number.isFinite(cleared) ? cleared : nowMs;
  const end = Math.min(over + 10 * minute, raised + longestMs, nowMs);
  return {
    points: `${alarm.device_id}.${alarm.parameter_name}`,
    from: new Date(raised - 30 * minute).toISOString(),
    to: new Date(Math.max(end, raised + minute)).toISOString(),
  };
}

/** Where its threshold stands; null for Wattline's own, which has none. */
export function thresholdQuery(alarm: Alarm): QueryValues | null {
  return isSystem(alarm) ? null : { device: alarm.device_id, point: alarm.parameter_name };
}
