import { describe, expect, it } from 'vitest';
import type { Downtime, OeeFigures } from '@/api/types';
import { causeRows, reliability, stopRows } from './stop_statistics';

const none = { count: 0, duration_s: 0 };
const downtime = (breakdowns: number, seconds: number, truncated = false): Downtime => ({
  success: true,
  time_range: { start_time: '', end_time: '' },
  stops: [],
  statistics: {
    breakdown: { count: breakdowns, duration_s: seconds },
    setup: none,
    idle: none,
    minor_stop: { count: 4, duration_s: 100 },
  },
  truncated,
  pagination: { page: 1, page_size: 20, total: 0, total_pages: 0 },
});
const overall = (coverage: number, runHours: number) =>
  ({ coverage, total_runtime_hours: runHours }) as unknown as OeeFigures;

describe('the statistics of stops', () => {
  it('have the mean length of each cause and none where there was no stop', () => {
    const rows = causeRows(downtime(0, 0).statistics);
    expect(rows.map(({ cause, meanS }) => [cause, meanS])).toEqual([
      ['breakdown', null],
      ['setup', null],
      ['idle', null],
      ['minor_stop', 25],
    ]);
  });

  it('give run time by breakdowns as the mean time between failures', () => {
    expect(reliability(downtime(4, 2400), overall(1, 20))).toEqual({ mttr: 600, mtbf: 18_000, reason: null });
  });

  it('tell no mean time between failures that would not be honest', () => {
    expect(reliability(downtime(1, 600), overall(1, 20)).reason).toBe('tooFewFailures');
    expect(reliability(downtime(4, 600), overall(0.5, 20)).reason).toBe('notAllSeen');
    expect(reliability(downtime(4, 600, true), overall(1, 20)).reason).toBe('truncated');
    expect(reliability(downtime(0, 0), overall(1, 20)).mttr).toBeNull();
  });
});

it('writes a stop that goes on without an end', () => {
  const stop = {
    start_time: '2026-01-01T00:00:00Z',
    end_time: null,
    ongoing: true,
    cause: 'breakdown' as const,
    state: 'fault',
    duration_s: 12.5,
  };
  expect(stopRows([stop])).toEqual([['2026-01-01T00:00:00Z', null, 'true', 12.5, 'breakdown', 'fault']]);
});
