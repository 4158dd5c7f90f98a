import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { listAlarms } from '@/api/alarms';
import type { LiveAlarm, LiveMessage } from '@/api/live';
import type { Alarm, AlarmList } from '@/api/types';
import { useAlarms } from './alarm_store';
import { testAlarm } from './test_alarm';

vi.mock('@/api/alarms');
vi.mock('@/live/live_store', () => ({ useLive: () => ({ state: 'live' }) }));

const listOf = (alarms: Alarm[], total = alarms.length): AlarmList => ({
  success: true,
  alarms,
  pagination: { page: 1, page_size: 50, total, total_pages: 1 },
  statistics: { total, by_level: {}, by_device: {} },
});
const message = (type: LiveMessage['type'], ...alarms: LiveAlarm[]): LiveMessage => ({
  type,
  ts: '2026-01-01T00:00:00.000Z',
  alarms,
});
const live = (id: number, event?: string, alarm_level: LiveAlarm['alarm_level'] = 'warning'): LiveAlarm => ({
  id,
  alarm_level,
  state: 'active_unacked',
  ...(event ? { event } : {}),
});

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(listAlarms).mockResolvedValue(listOf([]));
  setActivePinia(createPinia());
});

describe('a new alarm', () => {
  it('is told with its own level, the highest of those that came together', () => {
    const alarms = useAlarms();
    alarms.onLive(message('alarm', live(1, 'raise'), live(2, 'raise', 'emergency')));
    expect([alarms.raised, alarms.raisedLevel]).toEqual([2, 'emergency']);
  });

  it('is told once, however often it chatters in its row', () => {
    const alarms = useAlarms();
    for (let i = 0; i < 5; i += 1) alarms.onLive(message('alarm', live(1, 'raise')));
    expect(alarms.raised).toBe(1);
    expect(alarms.revision).toBe(5);
  });

  it('is none when it stood before somebody opened the page', () => {
    const alarms = useAlarms();
    alarms.onLive(message('snapshot', live(1)));
    expect(alarms.raised).toBe(0);
  });

  it('is told when it came while the connection was down', () => {
    const alarms = useAlarms();
    alarms.onLive(message('snapshot', live(1)));
    alarms.onLive(message('snapshot', live(1), live(2, undefined, 'critical')));
    expect([alarms.raised, alarms.raisedLevel]).toEqual([1, 'critical']);
  });

  it('is told again when its level rises', () => {
    const alarms = useAlarms();
    alarms.onLive(message('alarm', live(1, 'raise')));
    alarms.onLive(message('alarm', live(1, 'escalate', 'critical')));
    expect([alarms.raised, alarms.raisedLevel]).toEqual([2, 'critical']);
  });

  it('is none when it was acknowledged or comes back from where it was hidden', () => {
    const alarms = useAlarms();
    alarms.onLive(message('alarm', { ...live(1, 'acknowledge'), state: 'active_acked' }, live(2, 'unshelve')));
    expect(alarms.raised).toBe(0);
  });
});

describe('the worst alarm', () => {
  it('is the unacknowledged one of the highest level, not a hidden one', async () => {
    vi.mocked(listAlarms).mockResolvedValue(
      listOf([
        testAlarm({ id: 1, alarm_level: 'emergency', state: 'shelved' }),
        testAlarm({ id: 2, alarm_level: 'emergency', state: 'active_acked', acknowledged: true }),
        testAlarm({ id: 3, alarm_level: 'critical' }),
        testAlarm({ id: 4 }),
      ]),
    );
    const alarms = useAlarms();
    await alarms.read();
    expect([alarms.worst?.id, alarms.pressing]).toEqual([3, 'critical']);
  });

  it('is found behind a flood of newer warnings', async () => {
    const old = testAlarm({ id: 1, alarm_level: 'emergency' });
    vi.mocked(listAlarms).mockImplementation(({ alarm_level }) =>
      Promise.resolve(alarm_level === 'emergency' ? listOf([old]) : listOf([testAlarm({ id: 99 })], 60)),
    );
    const alarms = useAlarms();
    await alarms.read();
    expect(alarms.worst?.id).toBe(1);
  });

  it('is no longer the one that the feed says is acknowledged, before the database knows', async () => {
    vi.mocked(listAlarms).mockResolvedValue(listOf([testAlarm({ id: 1, alarm_level: 'critical' })]));
    const alarms = useAlarms();
    await alarms.read();
    alarms.onLive(
      message('alarm', { ...live(1, 'acknowledge', 'critical'), state: 'active_acked', acknowledged: true }),
    );
    expect(alarms.pressing).toBeNull();
  });

  it('is read again until the database has it, and pages are told then', async () => {
    vi.useFakeTimers();
    const alarms = useAlarms();
    alarms.onLive(message('alarm', live(8, 'raise', 'emergency')));
    await vi.advanceTimersByTimeAsync(400);
    expect([alarms.worst, alarms.revision]).toEqual([null, 1]);
    vi.mocked(listAlarms).mockResolvedValue(listOf([testAlarm({ id: 8, alarm_level: 'emergency' })]));
    await vi.advanceTimersByTimeAsync(1100);
    expect([alarms.worst?.id, alarms.revision]).toEqual([8, 2]);
    vi.useRealTimers();
  });

  it('stays known when the next reading fails', async () => {
    const alarms = useAlarms();
    vi.mocked(listAlarms)
      .mockResolvedValueOnce(listOf([testAlarm({ id: 7 })]))
      .mockRejectedValueOnce(new Error('x'));
    await alarms.read();
    await alarms.read();
    expect(alarms.worst?.id).toBe(7);
    expect(alarms.failure).not.toBeNull();
  });
});
