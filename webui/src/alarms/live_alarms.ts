// What the live feed has told of alarms. The database follows a second or two behind it: until then
// a list from the API is shown as the feed knows it.
import type { AlarmProgress, LiveAlarm, LiveMessage } from '@/api/live';
import type { Alarm } from '@/api/types';

/** Alarms that are remembered; those that were told longest ago are forgotten first. */
const most = 5000;
const progress: readonly (keyof AlarmProgress)[] = [
  'alarm_level',
  'threshold_value',
  'actual_value',
  'state',
  'active',
  'cleared_at',
  'acknowledged',
  'acknowledged_by',
  'acknowledged_at',
  'note',
  'shelved_by',
  'shelved_until',
  'raise_count',
  'suppressed_count',
  'chattering',
  'superseded_by',
];

export class LiveAlarms {
  private readonly newest = new Map<number, LiveAlarm>();
  /** Changed, and not yet seen so in the database. */
  private readonly ahead = new Set<number>();
  private heard = false;

  /** Those that are news to a person: raised in a row of their own, or at a higher level. */
  take(message: LiveMessage): LiveAlarm[] {
    const told = message.alarms ?? [];
    const news = told.filter((alarm) => this.isNews(alarm));
    // The first snapshot is what stood before somebody came.
    const isFirst = message.type === 'snapshot' && !this.heard;
    this.heard ||= message.type === 'snapshot';
    for (const alarm of told) {
      this.newest.delete(alarm.id);
      this.newest.set(alarm.id, alarm);
      this.ahead.add(alarm.id);
    }
    for (const id of [...this.newest.keys()].slice(0, Math.max(0, this.newest.size - most))) this.forgetOne(id);
    return isFirst ? [] : news;
  }

  /** The row as it is now. */
  current(alarm: Alarm): Alarm {
    const live = this.newest.get(alarm.id);
    if (!live) return alarm;
    const known = progress.filter((name) => live[name] !== undefined).map((name) => [name, live[name]] as const);
    return { ...alarm, ...(Object.fromEntries(known) as Partial<AlarmProgress>) };
  }

  /** The database is behind. */
  get waits(): boolean {
    return this.ahead.size > 0;
  }

  /** Takes note of what the database has. `all`: there are no other open ones. */
  compare(open: readonly Alarm[], all: boolean): void {
    const rows = new Map(open.map((alarm) => [alarm.id, alarm]));
    for (const id of this.ahead) {
      const live = this.newest.get(id);
      const row = rows.get(id);
      const isSame = row
        ? row.state === live?.state && row.alarm_level === live.alarm_level
        : live?.state === 'normal';
      if (isSame || (!row && !all)) this.ahead.delete(id);
    }
  }

  forget(): void {
    this.newest.clear();
    this.ahead.clear();
    this.heard = false;
  }

  private forgetOne(id: number): void {
    this.newest.delete(id);
    this.ahead.delete(id);
  }

  /** One row is one occurrence: raised again in its row it is no new alarm, so that what chatters
   *  sounds once. Without an event it stands in a snapshot. */
  private isNews({ id, event, state }: LiveAlarm): boolean {
    if (state !== 'active_unacked') return false;
    return event === 'escalate' || (!this.newest.has(id) && (event === 'raise' || event === undefined));
  }
}
