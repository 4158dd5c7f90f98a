// Reading what a page shows: one call at a time, the newest wins, what is shown stays while the
// next is on its way, and a failure keeps the last good answer beside it.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '@/api/errors';

export interface Loader<T> {
  /** The newest answer; null until there is one. */
  data: Readonly<ShallowRef<T | null>>;
  /** Why the last attempt failed; null when it did not. */
  failure: Readonly<ShallowRef<unknown>>;
  busy: Readonly<Ref<boolean>>;
  /** Epoch ms of `data`, for "as of"; null until there is one. */
  readAt: Readonly<Ref<number | null>>;
  /** Begins anew; one that is under way is given up. Never throws. */
  load(): Promise<void>;
}

export function useLoader<T>(read: (signal: AbortSignal) => Promise<T>): Loader<T> {
  const data = shallowRef<T | null>(null);
  const failure = shallowRef<unknown>(null);
  const busy = ref(false);
  const readAt = ref<number | null>(null);
  let current: AbortController | null = null;

  async function load(): Promise<void> {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    busy.value = true;
    try {
      const answer = await read(mine.signal);
      if (current !== mine) return;
      data.value = answer;
      failure.value = null;
      readAt.value = Date.now();
    } catch (error) {
      if (current !== mine || (error instanceof ApiError && error.kind === 'aborted')) return;
      failure.value = error;
    } finally {
      if (current === mine) {
        busy.value = false;
        current = null;
      }
    }
  }

  onScopeDispose(() => current?.abort());
  return { data, failure, busy, readAt, load };
}

/** Calls `tick` every `everyMs` while the page is visible, and at once when it becomes so again. */
export function useRefresh(tick: () => void, everyMs: number): void {
  const visible = () => document.visibilityState === 'visible';
  const timer = setInterval(() => visible() && tick(), everyMs);
  const shown = () => visible() && tick();
  document.addEventListener('visibilitychange', shown);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', shown);
  });
}
