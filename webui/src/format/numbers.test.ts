import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatDuration,
  formatNumber,
  formatPercent,
  formatShort,
  formatUpTo,
  none,
  qualityRatio,
} from './numbers';

describe('a number', () => {
  it('keeps its decimals and groups thousands as the language does', () => {
    expect(formatNumber(1234.5, 3, 'en')).toBe('1,234.500');
    expect(formatNumber(1234.5, 2, 'zh-CN')).toBe('1,234.50');
    expect(formatNumber(1234.5, 2, 'de')).toBe('1.234,50');
  });

  it('that a person has set keeps no zeros behind it', () => {
    expect(formatUpTo(5.5, 3, 'en')).toBe('5.5');
    expect(formatUpTo(1000, 3, 'en')).toBe('1,000');
    expect(formatUpTo(0.12345, 3, 'en')).toBe('0.123');
  });

  it('that is not there is a dash and never 0', () => {
    expect(formatUpTo(null, 3, 'en')).toBe(none);
    expect(formatNumber(null, 2, 'en')).toBe(none);
    expect(formatNumber(undefined, 2, 'en')).toBe(none);
    expect(formatNumber(NaN, 2, 'en')).toBe(none);
    expect(formatNumber(Infinity, 2, 'en')).toBe(none);
    expect(formatPercent(null, 'en')).toBe(none);
    expect(formatDuration(null)).toBe(none);
    expect(formatClock(NaN, 'en')).toBe(none);
  });

  it('that is 0 is shown as 0', () => {
    expect(formatPercent(-0.0001, 'en')).toBe('0.0%');
    expect(formatNumber(0, 2, 'en')).toBe('0.00');
    expect(formatNumber(-0.004, 2, 'en')).toBe('0.00');
    expect(formatNumber(-0.006, 2, 'en')).toBe('-0.01');
    expect(formatDuration(0)).toBe('0:00:00');
  });
});

describe('the mark of an axis', () => {
  it('has as few decimals as it needs, so that marks differ', () => {
    expect(formatShort(1500, 'en')).toBe('1,500');
    expect(formatShort(0.3, 'en')).toBe('0.3');
    expect(formatShort(0.1 + 0.2, 'en')).toBe('0.3');
    expect(formatShort(0.025, 'en')).toBe('0.025');
  });
});

describe('a duration', () => {
  it('counts hours past a day', () => {
    expect(formatDuration(90_061)).toBe('25:01:01');
  });

  it('below zero is not a duration', () => {
    expect(formatDuration(-1)).toBe(none);
  });
});

describe('a time of day', () => {
  it('has 24 hours and two digits each, also at midnight', () => {
    expect(formatClock(new Date(2026, 0, 1, 0, 5, 9).getTime(), 'en')).toBe('00:05:09');
  });
});

describe('the quality ratio', () => {
  it('is the share of good pieces', () => {
    expect(qualityRatio(200, 5)).toBe(0.975);
    expect(formatPercent(qualityRatio(200, 5), 'en')).toBe('97.5%');
  });

  it('is unknown before the first piece, without a counter and when the counters contradict', () => {
    expect(qualityRatio(0, 0)).toBeNull();
    expect(qualityRatio(null, 0)).toBeNull();
    expect(qualityRatio(10, null)).toBeNull();
    expect(qualityRatio(3, 4)).toBeNull();
  });
});
