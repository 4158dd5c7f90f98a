// How long somebody still has to wait, second by second.
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';

/** Minutes and seconds as m:ss, from an hour on h:mm:ss; never below 0:00. */
export function waitText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export interface Countdown {
  /** Null: nothing is waited for. 0: the wait is over. */
  seconds: ComputedRef<number | null>;
  start(seconds: number): void;
  stop(): void;
}

/** By the clock and not by counting ticks: a hidden tab ticks seldom. */
export function useCountdown(now: () => number = Date.now): Countdown {
  const until = ref<number | null>(null);
  const time = ref(now());
  let timer: ReturnType<typeof setInterval> | undefined;

  function tick(): void {
    time.value = now();
    if (until.value !== null && time.value >= until.value) clearInterval(timer);
  }

  function stop(): void {
    clearInterval(timer);
    until.value = null;
  }

  function start(seconds: number): void {
    clearInterval(timer);
    time.value = now();
    until.value = time.value + seconds * 1000;
    timer = setInterval(tick, 500);
  }

  onScopeDispose(stop);
  return {
    seconds: computed(() =>
      until.value === null ? null : Math.max(0, Math.ceil((until.value - time.value) / 1000)),
    ),
    start,
    stop,
  };
}
