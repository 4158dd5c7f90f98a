import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useCountdown, waitText } from './countdown';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a wait in words', () => {
  it('has minutes and seconds, and hours when there are some', () => {
    expect(waitText(0)).toBe('0:00');
    expect(waitText(9.2)).toBe('0:10');
    expect(waitText(599)).toBe('9:59');
    expect(waitText(3661)).toBe('1:01:01');
    expect(waitText(-5)).toBe('0:00');
  });
});

describe('a countdown', () => {
  it('goes by the clock down to 0 and stays there', () => {
    const scope = effectScope();
    const countdown = scope.run(() => useCountdown())!;
    expect(countdown.seconds.value).toBeNull();

    countdown.start(3);
    expect(countdown.seconds.value).toBe(3);
    vi.advanceTimersByTime(2000);
    expect(countdown.seconds.value).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(countdown.seconds.value).toBe(0);

    countdown.stop();
    expect(countdown.seconds.value).toBeNull();
    scope.stop();
  });

  it('leaves no timer behind', () => {
    const scope = effectScope();
    scope.run(() => useCountdown())!.start(60);
    scope.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
