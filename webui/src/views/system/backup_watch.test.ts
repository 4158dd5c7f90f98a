import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { agoText, lookEveryMs, mostLooks, newestFirst, useBackupWatch, type BackupRun } from './backup_watch';

const run = (state: BackupRun['state']) => ({ state }) as BackupRun;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the watch of a backup', () => {
  it('looks until it is over, and no more', async () => {
    const look = vi.fn().mockResolvedValueOnce(run('running')).mockResolvedValue(run('finished'));
    const watch = effectScope().run(() => useBackupWatch(look, vi.fn()));

    watch?.start();
    watch?.start();
    await vi.advanceTimersByTimeAsync(10 * lookEveryMs);

    expect(look).toHaveBeenCalledTimes(2);
  });

  it('gives up one that does not end', async () => {
    const gaveUp = vi.fn();
    const watch = effectScope().run(() => useBackupWatch(() => Promise.resolve(run('running')), gaveUp));

    watch?.start();
    await vi.advanceTimersByTimeAsync((mostLooks + 5) * lookEveryMs);

    expect(gaveUp).toHaveBeenCalledOnce();
  });

  it('ends with its page', async () => {
    const look = vi.fn().mockResolvedValue(run('running'));
    const scope = effectScope();
    scope.run(() => useBackupWatch(look, vi.fn()))?.start();

    scope.stop();
    await vi.advanceTimersByTimeAsync(5 * lookEveryMs);

    expect(look).not.toHaveBeenCalled();
  });
});

it('lists the newest backup first', () => {
  const backup = (made_at: string) => ({ name: made_at, size_bytes: 1, made_at });
  const sorted = newestFirst([backup('2026-01-01T00:00:00Z'), backup('2026-02-01T00:00:00Z')]);
  expect(sorted.map(({ name }) => name)).toEqual(['2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z']);
});

it('says how long ago something was in the largest unit that fits', () => {
  expect([5, 90, 7200, 200_000].map((s) => agoText(0, s * 1000, 'en'))).toEqual([
    '5 seconds ago',
    '1 minute ago',
    '2 hours ago',
    '2 days ago',
  ]);
});
