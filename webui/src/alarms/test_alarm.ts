// An alarm for tests; what a test is about it names itself.
import type { Alarm } from '@/api/types';

export function testAlarm(given: Partial<Alarm> & { id: number }): Alarm {
  return {
    timestamp: '2026-01-01T00:00:00.000Z',
    device_id: 'conveyor',
    device_name: 'Infeed conveyor',
    parameter_name: 'power_kw',
    alarm_type: 'power_kw_threshold',
    alarm_level: 'warning',
    message_key: 'high',
    message: 'Infeed conveyor: power_kw is 3 kW, above the limit 2 kW',
    threshold_value: 2,
    actual_value: 3,
    unit: 'kW',
    state: 'active_unacked',
    active: true,
    cleared_at: null,
    acknowledged: false,
    acknowledged_by: '',
    acknowledged_at: null,
    note: '',
    shelved_by: '',
    shelved_until: null,
    raise_count: 1,
    suppressed_count: 0,
    chattering: false,
    superseded_by: null,
    ...given,
  };
}
