import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveUrl, resumePoint, type LiveMessage } from '@/api/live';
import { backoffMs } from './live_socket';
import { stateWord } from './line_state';
import { useLive } from './live_store';
import { qualityReason } from './quality_reason';

class FakeSocket {
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  closed = false;
  close(): void {
    this.closed = true;
  }
  send(message: Omit<LiveMessage, 'ts'>): void {
    const ts = new Date().toISOString();
    this.onmessage?.({ data: JSON.stringify({ ...message, ts }) });
  }
}

const sockets: FakeSocket[] = [];
const resumes: string[] = [];
const hooks = { unauthorized: vi.fn(), refused: vi.fn() };
const received = vi.fn();
const start = new Date('2026-03-01T08:00:00Z').getTime();
const power = (v: number | null, q: 'good' | 'bad' = 'good') => ({
  'conveyor.power_kw': { v, q, t: '2026-03-01T07:59:59Z' },
});

const other = (v: number) => ({ 'station1.power_kw': { v, q: 'good' as const, t: '2026-03-01T07:59:59Z' } });

function newest(): FakeSocket {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return socket;
}

function started() {
  const live = useLive();
  const open = (resume: string) => {
    resumes.push(resume);
    sockets.push(new FakeSocket());
    return newest() as unknown as WebSocket;
  };
  live.start(hooks, { open, random: () => 1 });
  live.listen(received);
  return live;
}

function startedLive() {
  const live = started();
  newest().onopen?.();
  newest().send({
    type: 'snapshot',
    link: { up: true, reason: '', since: '2026-03-01T07:00:00Z' },
    values: { ...power(0.95), 'total.product_count': { v: 12, q: 'good', t: '2026-03-01T07:59:00Z' } },
  });
  return live;
}

beforeEach(() => {
  setActivePinia(createPinia());
  vi.useFakeTimers({ now: start });
});

afterEach(() => {
  useLive().stop();
  vi.useRealTimers();
  sockets.length = 0;
  resumes.length = 0;
  vi.clearAllMocks();
});

describe('the live store', () => {
  it('shows a snapshot and then what changes', () => {
    const live = startedLive();
    newest().send({ type: 'values', values: power(1.2) });

    expect(live.usable('conveyor.power_kw')).toBe(1.2);
    expect(live.usable('total.product_count')).toBe(12);
    expect(live.state).toBe('live');
  });

  it('forgets a point that a new snapshot no longer has', () => {
    const live = startedLive();
    newest().send({ type: 'snapshot', values: power(1) });

    expect(live.usable('total.product_count')).toBeNull();
  });

  it('gives no number for a bad or missing value', () => {
    const live = startedLive();
    newest().send({ type: 'values', values: power(null, 'bad') });

    expect(live.usable('conveyor.power_kw')).toBeNull();
    expect(live.usable('station1.power_kw')).toBeNull();
  });

  it('ignores what is not a message', () => {
    const live = startedLive();
    newest().onmessage?.({ data: 'nonsense' });
    newest().onmessage?.({ data: '{"type":"later","ts":"2026-03-01T08:00:00Z"}' });

    expect(live.usable('conveyor.power_kw')).toBe(0.95);
    expect(received).toHaveBeenCalledOnce();
  });

  it('stays fresh on empty messages although no value changes', () => {
    const live = startedLive();
    vi.advanceTimersByTime(2900);
    newest().send({ type: 'values', values: {} });
    vi.advanceTimersByTime(2900);

    expect(live.state).toBe('live');
  });

  it('is stale after three silent periods and says since when', () => {
    const live = startedLive();
    vi.advanceTimersByTime(3000);
    const before = live.state;
    vi.advanceTimersByTime(1000);

    expect(before).toBe('live');
    expect(live.state).toBe('stale');
    expect(live.fresh).toBe(false);
    expect(live.ageMs).toBe(4000);
    expect(live.offlineSince).toBe(start);
  });

  it('says since when the collector is cut off from the line', () => {
    const live = startedLive();
    newest().send({ type: 'link', link: { up: false, reason: 'refused', since: '2026-03-01T07:58:00Z' } });

    expect(live.state).toBe('link_down');
    expect(live.offlineSince).toBe(Date.parse('2026-03-01T07:58:00Z'));
  });
});

describe('the connection', () => {
  it('comes back by itself and keeps the last values meanwhile', () => {
    const live = startedLive();
    newest().onclose?.({ code: 1006 });
    const during = live.state;
    vi.advanceTimersByTime(500);
    newest().onopen?.();
    newest().send({ type: 'snapshot', values: power(2) });

    expect(during).toBe('offline');
    expect(sockets.length).toBe(2);
    expect(live.usable('conveyor.power_kw')).toBe(2);
    expect(live.state).toBe('live');
  });

  it('asks only for what it missed and keeps the rest', () => {
    const live = startedLive();
    newest().send({ type: 'snapshot', epoch: 'ab-1', seq: 7, values: { ...power(1), ...other(5) } });
    newest().send({ type: 'values', seq: 9, values: power(2) });
    newest().send({ type: 'link', link: { up: true, reason: '', since: '' } });
    newest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(500);
    newest().onopen?.();
    newest().send({ type: 'resumed', epoch: 'ab-1', seq: 12, values: power(3) });

    expect(resumes).toEqual(['', 'ab-1:9']);
    expect(live.usable('conveyor.power_kw')).toBe(3);
    expect(live.usable('station1.power_kw')).toBe(5);
    expect(liveUrl({ protocol: 'https:', host: 'h' }, 'ab-1:9')).toBe('wss://h/ws/live?resume=ab-1:9');
    expect(liveUrl({ protocol: 'http:', host: 'h' }, '')).toBe('ws://h/ws/live');
  });

  it('cannot resume before it was told an epoch', () => {
    expect(resumePoint('', { type: 'values', ts: '', seq: 3 })).toBe('');
    expect(resumePoint('a:3', { type: 'snapshot', ts: '', epoch: 'b', seq: 1 })).toBe('b:1');
  });

  it('begins anew after a sign-out', () => {
    const live = startedLive();
    newest().send({ type: 'snapshot', epoch: 'ab-1', seq: 7, values: power(1) });
    live.stop();
    started();

    expect(resumes).toEqual(['', '']);
  });

  it('waits longer after each failure and never more than 15 s', () => {
    expect([0, 1, 2, 9, 500].map((attempt) => backoffMs(attempt, 1))).toEqual([500, 1000, 2000, 15_000, 15_000]);
    expect(backoffMs(2, 0)).toBe(1000);
  });

  it('is given up and made anew after ten silent seconds', () => {
    startedLive();
    const silent = newest();
    vi.advanceTimersByTime(10_500);

    expect(silent.closed).toBe(true);
    expect(sockets.length).toBe(2);
  });

  it.each([4401, 1008])('closed with %i asks for sign-in and does not try again', (code) => {
    startedLive();
    newest().onclose?.({ code });
    vi.advanceTimersByTime(60_000);

    expect(hooks.unauthorized).toHaveBeenCalledOnce();
    expect(sockets.length).toBe(1);
  });

  it('closed so goes on when the session turned out to stand', () => {
    const live = startedLive();
    newest().onclose?.({ code: 1008 });
    live.resume();
    newest().onopen?.();
    newest().send({ type: 'snapshot', values: power(3) });

    expect(live.usable('conveyor.power_kw')).toBe(3);
  });

  it('that never opened is reported, for it may be the session', () => {
    const live = started();
    newest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(4000);

    expect(hooks.refused).toHaveBeenCalled();
    expect(live.state).toBe('offline');
  });

  it('is quiet after stop', () => {
    const live = startedLive();
    const old = newest();
    live.stop();
    old.onclose?.({ code: 1006 });
    vi.advanceTimersByTime(60_000);

    expect(sockets.length).toBe(1);
    expect(live.usable('conveyor.power_kw')).toBeNull();
  });
});

describe('a state code', () => {
  it('has a word, and none is guessed', () => {
    expect([0, 1, 2, 7].map((code) => stateWord(code, true))).toEqual(['standby', 'running', 'fault', 'unknown']);
    expect(stateWord(1, false)).toBe('offline');
    expect(stateWord(null, true)).toBe('offline');
  });
});

describe('the reason of a bad value', () => {
  const bad = (s?: number) => ({ v: null, q: 'bad' as const, t: '', ...(s === undefined ? {} : { s }) });

  it('follows the status code without its info bits', () => {
    expect(qualityReason(bad(0x80310000))).toBe('noCommunication');
    expect(qualityReason(bad(0x80320400))).toBe('waiting');
    expect(qualityReason(bad(0x80990000))).toBe('bad');
    expect(qualityReason(bad())).toBe('bad');
    expect(qualityReason(undefined)).toBe('missing');
    expect(qualityReason({ v: 1, q: 'good', t: '' })).toBeNull();
  });

  it('says what the cleaning found', () => {
    const uncertain = (s?: number) => ({
      v: 1,
      q: 'uncertain' as const,
      t: '',
      ...(s === undefined ? {} : { s }),
    });
    expect(qualityReason(uncertain(0x40940000))).toBe('outOfRange');
    expect(qualityReason(uncertain(0x40900000))).toBe('lastUsable');
    expect(qualityReason(uncertain())).toBe('uncertain');
    expect(qualityReason(bad(0x80740000))).toBe('wrongType');
    expect(qualityReason({ v: 1, q: 'good', s: 0x00dc0000, t: '' })).toBeNull();
  });
});
