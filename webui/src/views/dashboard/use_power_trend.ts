// Fills the trend of the last hour from the history and lets it grow with the live values.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { readBuckets } from '@/api/history';
import type { LiveMessage } from '@/api/live';
import { useRefresh } from '@/data/loader';
import { useLive } from '@/live/live_store';
import { usePlant } from '@/plant/plant_store';
import { minuteMs, PowerTrend, windowMs, writeDelayMs } from '@/trend/power_trend';

export interface LivePowerTrend {
  /** Null until the devices are known. */
  trend: ShallowRef<PowerTrend | null>;
  /** Grows with each change of the trend, whose arrays are not reactive. */
  revision: Ref<number>;
  filling: Ref<boolean>;
  failure: ShallowRef<unknown>;
  fill(): Promise<void>;
}

/** What was heard live is an account of seconds that were seen here; the history is the better one. */
const refillMs = 300_000;

export function usePowerTrend(): LivePowerTrend {
  const live = useLive();
  const plant = usePlant();
  const trend = shallowRef<PowerTrend | null>(null);
  const revision = ref(0);
  const filling = ref(true);
  const failure = shallowRef<unknown>(null);
  let lateFill: ReturnType<typeof setTimeout> | undefined;

  async function fill(): Promise<void> {
    const filled = trend.value;
    if (!filled) return;
    filling.value = true;
    failure.value = null;
    const end = Date.now();
    const range = { start: Math.floor((end - windowMs) / minuteMs) * minuteMs, end };
    try {
      await Promise.all(
        filled.ids.map(async (id) => filled.fill(id, await readBuckets(id, range, '1m', ['power_kw']), end)),
      );
    } catch (error) {
      failure.value = error;
    }
    filling.value = false;
    revision.value += 1;
  }

  /** After a break the history knows what was missed and where nothing was measured; once more
   *  when the collector has written the seconds that were still on their way. */
  function fillAfterBreak(): void {
    if (!filling.value) void fill();
    clearTimeout(lateFill);
    lateFill = setTimeout(() => void fill(), writeDelayMs);
  }

  /** Sample and hold: every message repeats what still stands, even one without values. */
  function received(timeMs: number, message: LiveMessage): void {
    const up = live.link?.up !== false;
    for (const id of trend.value?.ids ?? []) {
      trend.value?.push(id, timeMs, up ? live.usable(`${id}.power_kw`) : null);
    }
    trend.value?.trim(timeMs);
    revision.value += 1;
    if (message.type === 'snapshot' || message.type === 'resumed') fillAfterBreak();
  }

  watch(
    () => plant.devices,
    (devices) => {
      if (!devices) return;
      trend.value = new PowerTrend(plant.lineFirst.map(({ id }) => id));
      void fill();
    },
    { immediate: true },
  );
  const stopListening = live.listen(received);
  useRefresh(() => !filling.value && void fill(), refillMs);
  onScopeDispose(() => {
    clearTimeout(lateFill);
    stopListening();
  });
  return { trend, revision, filling, failure, fill };
}
