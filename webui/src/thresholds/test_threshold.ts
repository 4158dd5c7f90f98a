// A threshold and a point for tests; what a test is about it names itself.
import type { Point, Threshold } from '@/api/types';

export function testThreshold(given: Partial<Threshold> & { id: number }): Threshold {
  return {
    device_id: 'conveyor',
    parameter_name: 'power_kw',
    kind: 'limit',
    direction: 'high',
    threshold_value: 3,
    unit: 'kW',
    alarm_level: null,
    hysteresis: 0.2,
    on_delay_ms: 1500,
    off_delay_ms: 0,
    setpoint_parameter: '',
    setpoint_value: 0,
    enabled: true,
    updated_by: 'admin',
    updated_at: '2026-01-01T00:00:00.000Z',
    version: 1,
    ...given,
  };
}

export function testPoint(given: Partial<Point> = {}): Point {
  return {
    point: 'conveyor.power_kw',
    device_id: 'conveyor',
    device_name: 'Infeed conveyor',
    name: 'power_kw',
    tag: 'a.b',
    derived: false,
    access: 'R',
    data_type: 'REAL',
    scan_ms: 100,
    kind: 'measurement',
    unit: 'kW',
    low: 0,
    high: 100,
    value: 1,
    word: null,
    quality: 'good',
    status: 'Good',
    source_time: null,
    age_s: null,
    stale: false,
    ...given,
  };
}
