import { describe, expect, it } from 'vitest';
import type { ThresholdPreview } from '@/api/types';
import { firingsPerDay, verdictOf } from './preview_verdict';
import { testThreshold } from './test_threshold';
import { draftOf, formOf } from './threshold_form';
import { groupsOf, sameRule } from './threshold_list';

const all = { device: '', point: '' };

describe('the list of thresholds', () => {
  const list = [
    testThreshold({ id: 1, device_id: 'old-press' }),
    testThreshold({ id: 2, device_id: 'total', threshold_value: 9 }),
    testThreshold({ id: 3, device_id: 'total', threshold_value: 5 }),
    testThreshold({ id: 4, parameter_name: 'speed' }),
  ];

  it('follows the plant; a device that has left it stands last', () => {
    const groups = groupsOf(list, ['total', 'reject', 'conveyor'], all);
    expect(groups.map(({ device, thresholds }) => [device, ...thresholds.map(({ id }) => id)])).toEqual([
      ['total', 3, 2],
      ['conveyor', 4],
      ['old-press', 1],
    ]);
  });

  it('shows one device or one point when asked', () => {
    expect(groupsOf(list, ['total'], { device: 'conveyor', point: '' }).map(({ device }) => device)).toEqual([
      'conveyor',
    ]);
    expect(groupsOf(list, ['total'], { device: 'conveyor', point: 'power_kw' })).toEqual([]);
  });
});

describe('a second threshold of the same rule', () => {
  const stored = testThreshold({ id: 1, alarm_level: 'critical' });
  const draft = draftOf(formOf(stored));

  it('is found whatever its value', () => {
    expect(sameRule([stored], { ...draft, threshold_value: 50 }, null)?.id).toBe(1);
  });

  it('is none when it is the one that is changed, or has another level or direction', () => {
    expect(sameRule([stored], draft, 1)).toBeNull();
    expect(sameRule([stored], { ...draft, alarm_level: null }, null)).toBeNull();
    expect(sameRule([stored], { ...draft, direction: 'low' }, null)).toBeNull();
  });
});

describe('the preview of a limit', () => {
  const preview = (firings: number, minutes_with_values: number): ThresholdPreview => ({
    success: true,
    firings,
    minutes: firings,
    minutes_with_values,
    days: 7,
    newest: [],
    counted: '',
  });

  it('says nothing when nothing was stored', () => {
    expect(verdictOf(preview(0, 0))).toBe('unknown');
    expect(firingsPerDay(preview(0, 0))).toBeNull();
  });

  it('warns of more than ten firings a day that was recorded', () => {
    expect(verdictOf(preview(71, 7 * 1440))).toBe('nuisance');
    expect(verdictOf(preview(70, 7 * 1440))).toBe('sensible');
    expect(verdictOf(preview(21, 2 * 1440))).toBe('nuisance');
  });

  it('takes less than a day for one day', () => {
    expect(verdictOf(preview(3, 60))).toBe('sensible');
  });

  it('says when it would never have fired', () => {
    expect(verdictOf(preview(0, 1440))).toBe('never');
  });
});
