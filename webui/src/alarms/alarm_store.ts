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
const ranks: Readonly<Record<AlarmLevel, number>> = { warning: 1, critical: 2, emergency: 3 };

export const worstFirst = (a: Alarm, b: Alarm) =>
  Number(a.acknowledged) - Number(b.acknowledged) ||
  ranks[b.alarm_level] - ranks[a.alarm_level] ||
  b.timestamp.localeCompare(a.timestamp);

export const useAlarms = defineStore('alarms', () => {
  /** Null: the feed has not told yet. */
  const counts = shallowRef<LiveAlarmCounts | null>(null);
  /** The newest open ones; null until they were read. */
  const open = shallowRef<readonly Alarm[] | null>(null);
  const failure = shallowRef<unknown>(null);
  /** Grows with each alarm that is raised anew, for sound. */
  const raised = ref(0);
  /** Grows with each change of any alarm, for pages that list them. */
  const revision = ref(0);
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
      open.value = (await listAlarms({ state: 'open' }, 1, most)).alarms;
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

  function onLive(message: LiveMessage): void {
    if (message.alarm_counts) counts.value = message.alarm_counts;
    if (!message.alarms && message.type !== 'snapshot') return;
    raised.value += (message.alarms ?? []).filter(isNew).length;
    revision.value += 1;
    readSoon();
  }

  /** The next person to sign in begins without them. */
  function forget(): void {
    clearTimeout(timer);
    timer = undefined;
    counts.value = open.value = failure.value = null;
  }

  return { counts, open, shown, worst, pressing, failure, raised, revision, read, readSoon, onLive, forget };
});

/** Hidden ones (shelved, suppressed, out of service) ask nobody for anything. */
export function isShown(state: Alarm['state']): boolean {
  return state === 'active_unacked' || state === 'active_acked' || state === 'cleared_unacked';
}

function isNew({ event, state }: LiveAlarm): boolean {
  return event === 'raise' && state === 'active_unacked';
}
