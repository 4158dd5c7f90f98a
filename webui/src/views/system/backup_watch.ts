// Looks after a backup until it is over.
import { onScopeDispose } from 'vue';
import type { BackupList } from '@/api/types';

export type BackupRun = NonNullable<BackupList['run']>;

export const lookEveryMs = 1000;
/** A backup of a large plant takes minutes; after this one looks by hand. */
export const mostLooks = 900;

/** Calls `look` every second until it answers that nothing runs any more. `gaveUp`: it took too long. */
export function useBackupWatch(look: () => Promise<BackupRun | null>, gaveUp: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looks = 0;

  async function turn(): Promise<void> {
    looks += 1;
    const run = await look();
    if (run?.state !== 'running') return stop();
    if (looks >= mostLooks) {
      stop();
      return gaveUp();
    }
    timer = setTimeout(() => void turn(), lookEveryMs);
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    looks = 0;
  }

  /** Begins anew; one that goes on is not doubled. */
  function start(): void {
    if (timer !== undefined) return;
    timer = setTimeout(() => void turn(), lookEveryMs);
  }

  onScopeDispose(stop);
  return { start, stop };
}

export const newestFirst = (backups: BackupList['backups']) =>
  [...backups].sort((a, b) => b.made_at.localeCompare(a.made_at));

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `3 days ago`, in the words of the language. */
export function agoText(epochMs: number, nowMs: number, locale: string): string {
  const seconds = Math.max(0, (nowMs - epochMs) / 1000);
  const [unit, length] = steps.find(([, size]) => seconds >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale).format(-Math.floor(seconds / length), unit);
}
