// Which alarms came most often: those of one point and one cause are one alarm.
import type { Alarm, AlarmLevel } from '@/api/types';

export interface FrequentAlarm {
  key: string;
  /** The newest of them, for its words. */
  newest: Alarm;
  /** Highest level that any of them had. */
  level: AlarmLevel;
  /** How often it was raised, annunciations again included. */
  raised: number;
}

export const alarmLevels: readonly AlarmLevel[] = ['emergency', 'critical', 'warning'];
const rank = (level: AlarmLevel) => alarmLevels.length - alarmLevels.indexOf(level);

/** The most often raised first, the worse level first of equals. */
export function mostFrequent(alarms: readonly Alarm[], count: number): FrequentAlarm[] {
  const found = new Map<string, FrequentAlarm>();
  for (const alarm of alarms) {
    const key = [alarm.device_id, alarm.parameter_name, alarm.alarm_type, alarm.message_key].join('/');
    const known = found.get(key);
    const times = Math.max(1, alarm.raise_count);
    if (!known) {
      found.set(key, { key, newest: alarm, level: alarm.alarm_level, raised: times });
      continue;
    }
    known.raised += times;
    if (rank(alarm.alarm_level) > rank(known.level)) known.level = alarm.alarm_level;
    if (alarm.timestamp > known.newest.timestamp) known.newest = alarm;
  }
  return [...found.values()]
    .sort((a, b) => b.raised - a.raised || rank(b.level) - rank(a.level) || a.key.localeCompare(b.key))
    .slice(0, count);
}
