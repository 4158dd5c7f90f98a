// The alarms that are open: their number from the live feed, their words from the API.
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { listAlarms } from '@/api/alarms';
import type { LiveAlarmCounts, LiveMessage } from '@/api/live';
import type { Alarm, AlarmLevel } from '@/api/types';
import { useLive } from '@/live/live_store';
import { LiveAlarms } from './live_alarms';

/** More than an operator reads in a banner or on a dashboard; the page of alarms has all. */
const most = 50;
/** A flood of messages is one reading. */
const gatherMs = 300;
/** The database is behind the feed for a second or two; a database that is away is not waited for. */
const catchUpMs = 1000;
const mostCatchUps = 20;
const ranks: Readonly<Record<AlarmLevel, number>> = { warning: 1, critical: 2, emergency: 3 };

export const worstFirst = (a: Alarm, b: Alarm) =>
  Number(a.acknowledged) - Number(b.acknowledged) ||
  ranks[b.alarm_level] - ranks[a.alarm_level] ||
  b.timestamp.localeCompare(a.timestamp);

/** The newest open ones. When there are more, the unacknowledged critical ones among the older too:
 *  a flood of warnings must not hide the emergency that began it. */
async function readOpen(): Promise<{ alarms: readonly Alarm[]; all: boolean }> {
  const newest = await listAlarms({ state: 'open' }, 1, most);
  if (newest.pagination.total <= most) return { alarms: newest.alarms, all: true };
  const waiting = 'active_unacked,cleared_unacked';
  const severe = await Promise.all(
    (['emergency', 'critical'] as const).map((alarm_level) =>
      listAlarms({ state: waiting, alarm_level }, 1, most),
    ),
  );
  const all = [newest, ...severe].flatMap(({ alarms }) => alarms);
  return { alarms: [...new Map(all.map((alarm) => [alarm.id, alarm])).values()], all: false };
}

export const useAlarms = defineStore('alarms', () => {
  /** Null: the feed has not told yet. */
  const counts = shallowRef<LiveAlarmCounts | null>(null);
  /** The newest open ones, see readOpen(); null until they were read. */
  const open = shallowRef<readonly Alarm[] | null>(null);
  const failure = shallowRef<unknown>(null);
  /** Grows with each alarm that is raised anew, for sound. */
  const raised = ref(0);
  /** The highest level among those that made `raised` grow last. */
  const raisedLevel = ref<AlarmLevel>('warning');
  /** Grows with each change of any alarm, for pages that list them. */
  const revision = ref(0);
  const live = useLive();
  const told = new LiveAlarms();
  let catchUps = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const shown = computed(() => {
    void revision.value; // What the feed has told since.
    return (open.value ?? []).map(current).filter(({ state }) => isShown(state));
  });
  /** What needs somebody most: not acknowledged, worst level, newest. */
  const worst = computed(() => [...shown.value].sort(worstFirst)[0] ?? null);
  /** Highest level among those that nobody has acknowledged. */
  const pressing = computed<AlarmLevel | null>(() =>
    worst.value && !worst.value.acknowledged ? worst.value.alarm_level : null,
  );

  /** As the feed knows it; while that is away the database knows better. */
  function current(alarm: Alarm): Alarm {
    return live.state === 'offline' || live.state === 'connecting' ? alarm : told.current(alarm);
  }

  async function read(): Promise<void> {
    try {
      const answer = await readOpen();
      open.value = answer.alarms;
      failure.value = null;
      const waited = told.waits;
      told.compare(answer.alarms, answer.all);
      if (waited) followUp();
    } catch (error) {
      failure.value = error;
    }
  }

  /** Reads again until the database has what the feed has told; then pages read once more. */
  function followUp(): void {
    if (!told.waits) {
      revision.value += 1;
    } else if (catchUps < mostCatchUps) {
      catchUps += 1;
      readIn(catchUpMs);
    }
  }

  function readIn(delayMs: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void read();
    }, delayMs);
  }

  /** Soon, once for all that ask meanwhile. */
  const readSoon = () => readIn(gatherMs);

  function onLive(message: LiveMessage): void {
    if (message.alarm_counts) counts.value = message.alarm_counts;
    if (!message.alarms && message.type !== 'snapshot') return;
    const news = told.take(message);
    if (news.length > 0) {
      const levels = news.map(({ alarm_level }) => alarm_level).sort((a, b) => ranks[b] - ranks[a]);
      raisedLevel.value = levels[0] ?? 'warning';
      raised.value += news.length;
    }
    catchUps = 0;
    revision.value += 1;
    readSoon();
  }

  /** The next person to sign in begins without them. */
  function forget(): void {
    clearTimeout(timer);
    timer = undefined;
    counts.value = open.value = failure.value = null;
    catchUps = 0;
    told.forget();
  }

  return {
    counts,
    open,
    shown,
    worst,
    pressing,
    failure,
    raised,
    raisedLevel,
    revision,
    current,
    read,
    readSoon,
    onLive,
    forget,
  };
});

/** Hidden ones (shelved, suppressed, out of service) ask nobody for anything. */
export function isShown(state: Alarm['state']): boolean {
  return state === 'active_unacked' || state === 'active_acked' || state === 'cleared_unacked';
}
