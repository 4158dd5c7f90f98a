import { expect, it } from 'vitest';
import type { Alarm } from '@/api/types';
import { mostFrequent } from './alarm_counts';

const alarm = (device_id: string, minute: number, more: Partial<Alarm> = {}) =>
  ({
    device_id,
    parameter_name: 'power_kw',
    alarm_type: 'power_kw_threshold',
    message_key: 'high',
    alarm_level: 'warning',
    raise_count: 1,
    timestamp: new Date(minute * 60_000).toISOString(),
    ...more,
  }) as Alarm;

it('alarms of one point and cause are counted together, the most frequent first', () => {
  const found = mostFrequent([alarm('saw', 1), alarm('mill', 2), alarm('mill', 3)], 5);
  expect(found.map(({ newest, raised }) => [newest.device_id, raised])).toEqual([
    ['mill', 2],
    ['saw', 1],
  ]);
});

it('an alarm that was raised again in its row counts as often as it was raised', () => {
  expect(mostFrequent([alarm('saw', 1, { raise_count: 4 }), alarm('saw', 2)], 5)[0]?.raised).toBe(5);
});

it('a high and a low alarm of one point are two', () => {
  expect(mostFrequent([alarm('saw', 1), alarm('saw', 2, { message_key: 'low' })], 5)).toHaveLength(2);
});

it('the highest level and the newest words stand for all of them', () => {
  const [found] = mostFrequent([alarm('saw', 1, { alarm_level: 'critical' }), alarm('saw', 2)], 5);
  expect(found?.level).toBe('critical');
  expect(found?.newest.timestamp).toBe(new Date(120_000).toISOString());
});

it('no more are told than were asked for, the worse first of equals', () => {
  const alarms = [alarm('a', 1), alarm('b', 1, { alarm_level: 'emergency' }), alarm('c', 1)];
  expect(mostFrequent(alarms, 2).map(({ newest }) => newest.device_id)).toEqual(['b', 'a']);
});
