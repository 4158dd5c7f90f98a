import { describe, expect, it } from 'vitest';
import type { AlarmState } from '@/api/types';
import { canAcknowledge, canShelve, canUnshelve, historyQuery, thresholdQuery, unitOf } from './alarm_facts';
import { testAlarm } from './test_alarm';

const hour = 3_600_000;
const raised = Date.UTC(2026, 0, 1, 12);
const timestamp = new Date(raised).toISOString();
const in_ = (state: AlarmState) => testAlarm({ id: 1, state });

describe('the values of an alarm', () => {
  it('have the unit of the point for limits, and one per second for a rate', () => {
    expect(unitOf(testAlarm({ id: 1 }))).toBe('kW');
    expect(unitOf(testAlarm({ id: 1, message_key: 'rate' }))).toBe('kW/s');
    expect(unitOf(testAlarm({ id: 1, message_key: 'stale' }))).toBe('s');
    expect(unitOf(testAlarm({ id: 1, message_key: 'disk_low', unit: '' }))).toBe('%');
  });

  it('are not shown for states and qualities, whose numbers are codes', () => {
    expect(unitOf(testAlarm({ id: 1, message_key: 'state' }))).toBeNull();
    expect(unitOf(testAlarm({ id: 1, message_key: 'link_lost' }))).toBeNull();
  });
});

describe('what can be done with an alarm', () => {
  it('is to acknowledge what waits for it, to unshelve what is shelved', () => {
    expect([in_('active_unacked'), in_('cleared_unacked')].every(canAcknowledge)).toBe(true);
    expect([in_('active_acked'), in_('shelved'), in_('normal')].some(canAcknowledge)).toBe(false);
    expect(canUnshelve(in_('shelved')) && !canUnshelve(in_('suppressed'))).toBe(true);
    expect(canShelve(in_('active_acked')) && !canShelve(in_('normal'))).toBe(true);
  });
});

describe('the way from an alarm', () => {
  it('to the history spans from half an hour before it to shortly after it', () => {
    const cleared_at = new Date(raised + hour).toISOString();
    expect(historyQuery(testAlarm({ id: 1, timestamp, cleared_at }), raised + 9 * hour)).toEqual({
      points: 'conveyor.power_kw',
      from: '2026-01-01T11:30:00.000Z',
      to: '2026-01-01T13:10:00.000Z',
    });
  });

  it('does not reach ahead of now, nor over days for one that stands long', () => {
    const alarm = testAlarm({ id: 1, timestamp });
    expect(historyQuery(alarm, raised + hour)?.to).toBe('2026-01-01T13:00:00.000Z');
    expect(historyQuery(alarm, raised + 99 * hour)?.to).toBe('2026-01-01T18:00:00.000Z');
  });

  it('leads nowhere for those of Wattline itself', () => {
    const own = testAlarm({ id: 1, device_id: 'system', parameter_name: 'gateway' });
    expect([historyQuery(own, raised), thresholdQuery(own)]).toEqual([null, null]);
    expect(thresholdQuery(testAlarm({ id: 1 }))).toEqual({ device: 'conveyor', point: 'power_kw' });
  });
});
