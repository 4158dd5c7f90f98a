// The messages of WS /ws/live and how one is read. Never trusts the wire: a wrong one is nothing.
import type { Alarm, AlarmLevel, AlarmState } from './types';

export type QualityWord = 'good' | 'uncertain' | 'bad';

export interface LiveValue {
  v: number | null;
  q: QualityWord;
  t: string;
  /** OPC UA StatusCode, when not 0. */
  s?: number;
}

export interface LiveLink {
  up: boolean;
  reason: string;
  since: string;
}

/** How many alarms there are now, also those that a message leaves out. */
export interface LiveAlarmCounts {
  /** Not hidden. */
  active: number;
  unacknowledged: number;
  shelved: number;
  suppressed: number;
  out_of_service: number;
  /** More than 10 in 10 minutes. */
  flood: boolean;
}

/** What of an alarm changes during its life. */
export type AlarmProgress = Pick<
  Alarm,
  | 'alarm_level'
  | 'threshold_value'
  | 'actual_value'
  | 'state'
  | 'active'
  | 'cleared_at'
  | 'acknowledged'
  | 'acknowledged_by'
  | 'acknowledged_at'
  | 'note'
  | 'shelved_by'
  | 'shelved_until'
  | 'raise_count'
  | 'suppressed_count'
  | 'chattering'
  | 'superseded_by'
>;

/** An alarm that changed; its words come from /api/alarms, in the language of the page. */
export interface LiveAlarm extends Partial<AlarmProgress> {
  id: number;
  alarm_level: AlarmLevel;
  state: AlarmState;
  /** What made it so: `raise`, `acknowledge` …; absent in a snapshot. */
  event?: string;
}

export interface LiveMessage {
  /** resumed: what was missed since the last message; it changes what is known and ends nothing. */
  type: 'snapshot' | 'values' | 'link' | 'alarm' | 'resumed';
  ts: string;
  seq?: number;
  /** In snapshot and resumed. */
  epoch?: string;
  values?: Record<string, LiveValue>;
  link?: LiveLink;
  /** In snapshot: those that are not normal. In alarm and resumed: what changed. */
  alarms?: LiveAlarm[];
  alarm_counts?: LiveAlarmCounts;
}

const knownTypes: readonly string[] = ['snapshot', 'values', 'link', 'alarm', 'resumed'];

/** Nothing for text that is not a message or is of a later kind (the form may grow). */
export function decodeLive(text: string): LiveMessage | null {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null) return null;
    const { type, ts } = message as { type?: unknown; ts?: unknown };
    if (typeof type !== 'string' || !knownTypes.includes(type)) return null;
    if (typeof ts !== 'string' || Number.isNaN(Date.parse(ts))) return null;
    return message as LiveMessage;
  } catch {
    return null;
  }
}

/** `resume`: `<epoch>:<seq>` of the last message, to be told only what came after it; or empty. */
export function liveUrl(location: { protocol: string; host: string }, resume: string): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/ws/live${resume && `?resume=${resume}`}`;
}

/** The place of the next reconnect, after a message. Pushed parts may carry no number. */
export function resumePoint(before: string, { epoch, seq }: LiveMessage): string {
  const known = epoch ?? before.split(':')[0];
  return known && seq ? `${known}:${seq}` : before;
}
