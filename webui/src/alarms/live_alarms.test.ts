import { describe, expect, it } from 'vitest';
import type { LiveAlarm, LiveMessage } from '@/api/live';
import { LiveAlarms } from './live_alarms';
import { testAlarm } from './test_alarm';

const message = (...alarms: LiveAlarm[]): LiveMessage => ({
  type: 'alarm',
  ts: '2026-01-01T00:00:00.000Z',
  alarms,
});
const acked: LiveAlarm = {
  id: 1,
  alarm_level: 'warning',
  state: 'active_acked',
  event: 'acknowledge',
  acknowledged: true,
  acknowledged_by: 'operator1',
};

describe('what the live feed has told', () => {
  it('stands over a row of the database that is behind, and leaves the words as they are', () => {
    const told = new LiveAlarms();
    told.take(message(acked));
    const row = told.current(testAlarm({ id: 1 }));
    expect(row).toMatchObject({ state: 'active_acked', acknowledged: true, acknowledged_by: 'operator1' });
    expect(row.message).toBe(testAlarm({ id: 1 }).message);
    expect(row).not.toHaveProperty('event');
  });

  it('says nothing of other rows', () => {
    const told = new LiveAlarms();
    told.take(message(acked));
    expect(told.current(testAlarm({ id: 2 }))).toEqual(testAlarm({ id: 2 }));
  });

  it('waits until the database has the same state', () => {
    const told = new LiveAlarms();
    told.take(message(acked));
    told.compare([testAlarm({ id: 1 })], true);
    expect(told.waits).toBe(true);
    told.compare([testAlarm({ id: 1, state: 'active_acked' })], true);
    expect(told.waits).toBe(false);
  });

  it('waits for a new row to appear, and for one that is over to leave', () => {
    const told = new LiveAlarms();
    told.take(message({ ...acked, id: 2 }, { ...acked, id: 3, state: 'normal' }));
    told.compare([testAlarm({ id: 3 })], true);
    expect(told.waits).toBe(true);
    told.compare([testAlarm({ id: 2, state: 'active_acked' })], true);
    expect(told.waits).toBe(false);
  });

  it('does not wait for what may stand on another page', () => {
    const told = new LiveAlarms();
    told.take(message(acked));
    told.compare([], false);
    expect(told.waits).toBe(false);
  });
});
