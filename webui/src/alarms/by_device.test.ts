import { describe, expect, it } from 'vitest';
import type { Alarm } from '@/api/types';
import { alarmsOf, openThenNewest } from './by_device';

const alarm = (id: number, part: Partial<Alarm> = {}) =>
  ({
    id,
    device_id: 'conveyor',
    alarm_level: 'warning',
    acknowledged: false,
    state: 'active_unacked',
    timestamp: `2026-01-01T00:00:0${id}Z`,
    ...part,
  }) as Alarm;

describe('the alarms of a device', () => {
  it('are counted, with the level that needs somebody most', () => {
    const all = [
      alarm(1),
      alarm(2, { alarm_level: 'emergency', acknowledged: true }),
      alarm(3, { device_id: 'reject', alarm_level: 'critical' }),
    ];
    expect(alarmsOf(all, 'conveyor')).toEqual({ count: 2, worst: 'warning' });
    expect(alarmsOf(all, 'reject')).toEqual({ count: 1, worst: 'critical' });
    expect(alarmsOf(all, 'total')).toEqual({ count: 0, worst: null });
  });

  it('are listed open ones first and each once', () => {
    const open = [alarm(1), alarm(3, { alarm_level: 'critical' })];
    const newest = [alarm(3, { state: 'normal' }), alarm(2, { state: 'normal' }), alarm(4)];
    expect(openThenNewest(open, newest).map(({ id }) => id)).toEqual([3, 1, 2]);
  });
});
