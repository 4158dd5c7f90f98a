import { describe, expect, it } from 'vitest';
import type { ProcessState } from '@/api/types';
import { diskVerdict, metricOf, processVerdict, sizeText, spoolState, usedShare } from './system_facts';

describe('the disk', () => {
  it('is worth a warning below a tenth or a gigabyte and critical below three per cent', () => {
    expect(diskVerdict({ total_mb: 100_000, free_mb: 50_000 })).toBe('fine');
    expect(diskVerdict({ total_mb: 100_000, free_mb: 9_000 })).toBe('warning');
    expect(diskVerdict({ total_mb: 5_000, free_mb: 900 })).toBe('warning');
    expect(diskVerdict({ total_mb: 100_000, free_mb: 2_000 })).toBe('critical');
  });

  it('that is not known is not fine', () => {
    expect(diskVerdict(null)).toBe('unknown');
    expect(diskVerdict({ total_mb: 0, free_mb: 0 })).toBe('unknown');
  });
});

it('tells records that pass through the spool from records that wait for a database that is down', () => {
  const size_mb = 0;
  expect(spoolState({ rows: 17, age_s: 3, size_mb })).toBe('passing');
  expect(spoolState({ rows: 0, age_s: null, size_mb })).toBe('empty');
  expect(spoolState({ rows: 900, age_s: 120, size_mb })).toBe('waiting');
  expect(spoolState({ rows: null, age_s: null, size_mb: null })).toBe('unknown');
});

it('judges a process by its state and its health', () => {
  const process = (state: ProcessState['state'], healthy: boolean) =>
    processVerdict({ state, healthy } as unknown as ProcessState);
  expect(process('running', true)).toBe('fine');
  expect(process('running', false)).toBe('warning');
  expect(process('starting', false)).toBe('unknown');
  expect(process('hung', false)).toBe('critical');
  expect(process('not running', false)).toBe('critical');
});

it('shows sizes in the unit that reads best, and a dash for none', () => {
  expect([0.005, 0, 4.25, 82_227, null].map((mb) => sizeText(mb, 'en'))).toEqual([
    '5.0 kB',
    '0.0 MB',
    '4.3 MB',
    '82.2 GB',
    '–',
  ]);
});

it('has no share of what is not known', () => {
  expect(usedShare(1, 4)).toBe(0.25);
  expect(usedShare(null, 4)).toBeNull();
  expect(usedShare(1, 0)).toBeNull();
});

it('finds a metric by its whole name', () => {
  const text = '# TYPE a_total gauge\na_total 1\na 2\na{b="c"} 3\n';
  expect(metricOf(text, 'a')).toBe(2);
  expect(metricOf(text, 'a_total')).toBe(1);
  expect(metricOf(text, 'b')).toBeNull();
});
