// The alarms that are open: their number from the live feed, their words from the API.
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { listAlarms } from '@/api/alarms';
import type { LiveAlarm, LiveAlarmCounts, LiveMessage } from '@/api/live';
import type { Alarm, AlarmLevel } from '@/api/types';

/** More than an operator reads in a banner or on a dashboard; the page of alarms has all. */
const most = 50;
/** A flood of messages is one reading. */
const gatherMs = 300;
/** Ids that were told already; the oldest are forgotten first. */
const mostKnown = 5000;
const ranks: Readonly<Record<AlarmLevel, number>> = { warning: 1, critical: 2, emergency: 3 };

export const worstFirst = (a: Alarm, b: Alarm) =>
  Number(a.acknowledged) - Number(b.acknowledged) ||
  ranks[b.alarm_level] - ranks[a.alarm_level] ||
  b.timestamp.localeCompare(a.timestamp);

/** The newest open ones. When there are more, the unacknowledged critical ones among the older too:
 *  a flood of warnings must not hide the emergency that began it. */
async function readOpen(): Promise<readonly Alarm[]> {
  const newest = await listAlarms({ state: 'open' }, 1, most);
  if (newest.pagination.total <= most) return newest.alarms;
  const waiting = 'active_unacked,cleared_unacked';
  const severe = await Promise.all(
    (['emergency', 'critical'] as const).map((alarm_level) =>
      listAlarms({ state: waiting, alarm_level }, 1, most),
    ),
  );
  const all = [newest, ...severe].flatMap(({ alarms }) => alarms);
  return [...new Map(all.map((alarm) => [alarm.id, alarm])).values()];
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
  const known = new Set<number>();
  let heard = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const shown = computed(() => (open.value ?? []).filter(({ state }) => isShown(state)));
  /** What needs somebody most: not acknowledged, worst level, newest. */
  const worst = computed(() => [...shown.value].sort(worstFirst)[0] ?? null);
  /** Highest level among those that nobody has acknowledged. */
  const pressing = computed<AlarmLevel | null>(() =>
    worst.value && !worst.value.acknowledged ? worst.value.alarm_level : null,
  );

  async function read(): Promise<void> {
    try {
      open.value = await readOpen();
      failure.value = null;
    } catch (error) {
      failure.value = error;
    }
  }

  /** Soon, once for all that ask meanwhile. */
  function readSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void read();
    }, gatherMs);
  }

  /** One row is one occurrence: raised again in its row it is no new alarm, so that what chatters
   *  sounds once; a higher level is told. The first snapshot is what stood before somebody came. */
  function hear(message: LiveMessage): void {
    const fresh = (message.alarms ?? []).filter((alarm) => isWaiting(alarm) && isNews(alarm, known));
    for (const { id } of message.alarms ?? []) known.add(id);
    for (const id of [...known].slice(0, Math.max(0, known.size - mostKnown))) known.delete(id);
    const isFirst = message.type === 'snapshot' && !heard;
    heard ||= message.type === 'snapshot';
    if (isFirst || fresh.length === 0) return;
    raisedLevel.value =
      fresh.map(({ alarm_level }) => alarm_level).sort((a, b) => ranks[b] - ranks[a])[0] ?? 'warning';
    raised.value += fresh.length;
  }

  function onLive(message: LiveMessage): void {
    if (message.alarm_counts) counts.value = message.alarm_counts;
    if (!message.alarms && message.type !== 'snapshot') return;
    hear(message);
    revision.value += 1;
    readSoon();
  }

  /** The next person to sign in begins without them. */
  function forget(): void {
    clearTimeout(timer);
    timer = undefined;
    counts.value = open.value = failure.value = null;
    known.clear();
    heard = false;
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

function isWaiting({ state }: LiveAlarm): boolean {
  return state === 'active_unacked';
}

/** Without an event it stands in a snapshot. */
function isNews({ id, event }: LiveAlarm, known: ReadonlySet<number>): boolean {
  if (event === 'escalate') return true;
  return !known.has(id) && (event === 'raise' || event === undefined);
}
