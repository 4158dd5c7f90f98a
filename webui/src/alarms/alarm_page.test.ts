import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmList } from '@/api/types';
import { holdRows, pageOf, rowsOnPage } from './alarm_page';
import { testAlarm } from './test_alarm';

const answerOf = (alarms: Alarm[], total = alarms.length): AlarmList => ({
  success: true,
  alarms,
  pagination: { page: 1, page_size: 500, total, total_pages: 1 },
  statistics: { total, by_level: {}, by_device: {} },
});
const ids = (alarms: readonly Alarm[]) => alarms.map(({ id }) => id);

describe('a page of open alarms', () => {
  it('begins with what nobody has acknowledged, the worst level, the newest', () => {
    const answer = answerOf([
      testAlarm({ id: 1, state: 'shelved', alarm_level: 'emergency' }),
      testAlarm({ id: 2, state: 'active_acked', acknowledged: true, alarm_level: 'emergency' }),
      testAlarm({ id: 3 }),
      testAlarm({ id: 4, timestamp: '2026-01-01T00:01:00.000Z' }),
      testAlarm({ id: 5, alarm_level: 'critical', state: 'cleared_unacked' }),
    ]);
    expect(ids(pageOf(answer, 'active', 1).rows)).toEqual([5, 4, 3, 2, 1]);
  });

  it('is cut from all that were read, and the last one stands for those beyond it', () => {
    const many = Array.from({ length: rowsOnPage + 3 }, (_, index) => testAlarm({ id: index + 1 }));
    const page = pageOf(answerOf(many), 'active', 9);
    expect(page.rows.length).toBe(3);
    expect(page.pagination).toMatchObject({ page: 2, total_pages: 2, total: rowsOnPage + 3 });
  });

  it('tells how many open alarms no page shows', () => {
    expect(pageOf(answerOf([testAlarm({ id: 1 })], 600), 'active', 1).unread).toBe(599);
  });

  it('is page 1 without a row when nothing is open', () => {
    expect(pageOf(answerOf([]), 'active', 4)).toMatchObject({ rows: [], pagination: { page: 1, total: 0 } });
  });
});

describe('the history', () => {
  it('stays in the order of the server', () => {
    const answer = answerOf([testAlarm({ id: 1 }), testAlarm({ id: 2, alarm_level: 'emergency' })]);
    expect(ids(pageOf(answer, 'history', 1).rows)).toEqual([1, 2]);
  });
});

describe('rows that are held', () => {
  const shown = pageOf(answerOf([testAlarm({ id: 1 }), testAlarm({ id: 2 })]), 'active', 1);

  it('stay in their places and show what became of them', () => {
    const worse = testAlarm({ id: 2, alarm_level: 'emergency' });
    const held = holdRows(shown, pageOf(answerOf([worse, testAlarm({ id: 1 })]), 'active', 1));
    expect(held.rows.map(({ id, alarm_level }) => [id, alarm_level])).toEqual([
      [1, 'warning'],
      [2, 'emergency'],
    ]);
    expect(held.added).toBe(0);
  });

  it('are marked when they left the list, and new ones are counted', () => {
    const held = holdRows(shown, pageOf(answerOf([testAlarm({ id: 2 }), testAlarm({ id: 3 })]), 'active', 1));
    expect([...held.left]).toEqual([1]);
    expect(held.added).toBe(1);
    expect(ids(held.rows)).toEqual([1, 2]);
  });
});
