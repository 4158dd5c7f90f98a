import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A browser of which a test says whether it allows sound and whether the tab is seen. */
function browser({ allowed = true, visible = true, stored = {} as Record<string, string> } = {}) {
  const listeners = new Map<string, () => void>();
  const heard: number[] = [];
  const storage = { ...stored };
  const userActivation = { hasBeenActive: allowed };
  vi.stubGlobal('navigator', { userActivation });
  vi.stubGlobal('document', {
    visibilityState: visible ? 'visible' : 'hidden',
    createElement: () => ({}), // Vue asks for it when it is loaded.
  });
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => storage[key] ?? null,
    setItem: (key: string, value: string) => (storage[key] = value),
  });
  vi.stubGlobal('addEventListener', (name: string, listener: () => void) => listeners.set(name, listener));
  vi.stubGlobal('removeEventListener', (name: string) => listeners.delete(name));
  vi.stubGlobal(
    'AudioContext',
    class {
      state = 'running';
      currentTime = 0;
      destination = {};
      createGain = () => ({ gain: { value: 0 }, connect: () => undefined });
      resume = () => Promise.resolve();
    },
  );
  vi.stubGlobal(
    'OscillatorNode',
    class {
      constructor(_: unknown, { frequency }: { frequency: number }) {
        heard.push(frequency);
      }
      connect = () => undefined;
      start = () => undefined;
      stop = () => undefined;
    },
  );
  const touch = () => {
    userActivation.hasBeenActive = true;
    listeners.get('click')?.();
  };
  return { heard, storage, touch };
}

async function horn() {
  vi.resetModules();
  return import('./horn');
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the horn', () => {
  it('sounds once for a new warning', async () => {
    const { heard } = browser();
    const { sound, keepSounding } = await horn();
    sound('warning');
    keepSounding('warning');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard).toEqual([660, 550]);
  });

  it('sounds again for a critical one until nothing waits', async () => {
    const { heard } = browser();
    const { keepSounding } = await horn();
    keepSounding('critical');
    await vi.advanceTimersByTimeAsync(20_500);
    keepSounding(null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard.length).toBe(8);
  });

  it('is quiet after a silence, until the next alarm', async () => {
    const { heard } = browser();
    const { keepSounding, silenced, sound } = await horn();
    keepSounding('critical');
    silenced.value = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(heard).toEqual([]);
    sound('emergency');
    await vi.advanceTimersByTimeAsync(100);
    expect(heard.length).toBe(6);
  });

  it('says that the browser keeps it quiet, and does not make up for it after the first click', async () => {
    const { heard, touch } = browser({ allowed: false });
    const { sound, blocked } = await horn();
    for (let i = 0; i < 5; i += 1) sound('critical');
    await vi.advanceTimersByTimeAsync(1000);
    expect([heard, blocked.value]).toEqual([[], true]);
    touch();
    await vi.advanceTimersByTimeAsync(1000);
    expect([heard, blocked.value]).toEqual([[], false]);
    sound('warning');
    await vi.advanceTimersByTimeAsync(100);
    expect(heard.length).toBe(2);
  });

  it('gives way in a tab that nobody sees to one that has just sounded', async () => {
    const seen = browser({ visible: false, stored: { 'wattline.horn.sounded': String(Date.now()) } });
    const { sound } = await horn();
    sound('warning');
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.heard).toEqual([]);
  });

  it('sounds in a tab that nobody sees when no other does', async () => {
    const { heard } = browser({ visible: false });
    const { sound } = await horn();
    sound('warning');
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard.length).toBe(2);
  });

  it('stays off over a reload', async () => {
    const { storage, heard } = browser();
    (await horn()).setHorn(false);
    expect(storage['wattline.horn']).toBe('off');
    const { hornOn, sound } = await horn();
    sound('emergency');
    await vi.advanceTimersByTimeAsync(1000);
    expect([hornOn.value, heard]).toEqual([false, []]);
  });
});
