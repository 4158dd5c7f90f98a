import { describe, expect, it } from 'vitest';
import { useWrite } from './write';

describe('a write', () => {
  it('that is refused keeps its reason until the next one', async () => {
    const write = useWrite();
    const reason = new Error('no');

    expect(await write.run(() => Promise.reject(reason))).toBe(false);
    expect(write.failure.value).toBe(reason);
    expect(await write.run(() => Promise.resolve())).toBe(true);
    expect(write.failure.value).toBeNull();
  });

  it('is not begun while another one is under way', async () => {
    const write = useWrite();
    let finish = () => {};
    const first = write.run(() => new Promise<void>((resolve) => (finish = resolve)));
    let begun = false;

    expect(await write.run(async () => void (begun = true))).toBe(false);
    finish();

    expect(await first).toBe(true);
    expect(begun).toBe(false);
  });
});
