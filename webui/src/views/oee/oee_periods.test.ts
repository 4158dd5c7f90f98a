import { describe, expect, it } from 'vitest';
import type { OeePeriod } from '@/api/types';
import { setPlantZone } from '@/format/plant_zone';
import {
  csvHead,
  missingReason,
  periodRows,
  periodText,
  ratePoints,
  shownRange,
  suitedDimension,
} from './oee_periods';

const hour = 3_600_000;
const at = (hours: number) => new Date(hours * hour).toISOString();
const period = (from: number, to: number, oee: number | null, more: Partial<OeePeriod> = {}): OeePeriod => ({
  period: at(from),
  end: at(to),
  oee_percentage: oee,
  availability: 90,
  performance: 80,
  quality: 99,
  performance_flag: false,
  coverage: 1,
  total_products: 10,
  total_rejects: 1,
  total_planned_hours: to - from,
  total_runtime_hours: to - from,
  total_downtime_hours: 0,
  ...more,
});
const later = 1000 * hour;

describe('the line of a rate', () => {
  it('holds each value over its period, up to the end of the last one', () => {
    expect(ratePoints([period(0, 8, 70), period(8, 16, 75)], 'oee_percentage', later)).toEqual([
      { x: 0, y: 70 },
      { x: 8 * hour, y: 75 },
      { x: 16 * hour, y: 75 },
    ]);
  });

  it('breaks in the pause between two shifts', () => {
    expect(ratePoints([period(0, 8, 70), period(16, 24, 75)], 'oee_percentage', later)).toEqual([
      { x: 0, y: 70 },
      { x: 8 * hour, y: 70 },
      { x: 8 * hour, y: NaN },
      { x: 16 * hour, y: 75 },
      { x: 24 * hour, y: 75 },
    ]);
  });

  it('is broken where a period has no value, and held until there', () => {
    const line = ratePoints([period(0, 1, 70), period(1, 2, null), period(2, 3, 60)], 'oee_percentage', later);
    expect(line).toEqual([
      { x: 0, y: 70 },
      { x: hour, y: 70 },
      { x: hour, y: NaN },
      { x: 2 * hour, y: 60 },
      { x: 3 * hour, y: 60 },
    ]);
  });

  it('ends now in a period that goes on', () => {
    expect(ratePoints([period(0, 8, 70)], 'oee_percentage', 5 * hour).at(-1)).toEqual({ x: 5 * hour, y: 70 });
  });
});

it('shows whole periods also where they stick out of the range, but nothing after now', () => {
  const range = { start: 4 * hour, end: 12 * hour };
  expect(shownRange(range, [period(0, 8, 1), period(8, 16, 1)], later)).toEqual({ start: 0, end: 16 * hour });
  expect(shownRange(range, [period(0, 8, 1), period(8, 16, 1)], 12 * hour)).toEqual({ start: 0, end: 12 * hour });
  expect(shownRange(range, [], later)).toEqual(range);
});

it('shows a day by hours, a week by shifts, a month by days and a year by months', () => {
  const spans = [1, 7, 30, 365].map((days) => suitedDimension({ start: 0, end: days * 24 * hour }));
  expect(spans).toEqual(['hour', 'shift', 'day', 'month']);
});

it('says why there is no rate', () => {
  expect(missingReason(period(0, 1, 50))).toBeNull();
  expect(missingReason(period(0, 1, null, { total_planned_hours: 0 }))).toBe('notPlanned');
  expect(missingReason(period(0, 1, null, { coverage: 0 }))).toBe('notSeen');
  expect(missingReason(period(0, 1, null))).toBe('noRun');
});

it('names a period as short as its length allows', () => {
  setPlantZone('UTC');
  expect(periodText(period(22, 30, 1), 'en')).toBe('01/01, 22:00 – 06:00');
  expect(periodText(period(0, 24, 1), 'en')).toBe('Thu, 01/01');
  expect(periodText(period(0, 168, 1), 'en')).toBe('01/01/1970 – 01/07/1970');
  setPlantZone(undefined);
});

it('writes a period as a row with the shift in the language of the page and unknown rates empty', () => {
  const shift = { 'zh-CN': '\u65e9\u73ed', en: 'Early' };
  const [row] = periodRows([period(0, 8, null, { shift })], 'en');
  expect(row).toHaveLength(csvHead.length);
  expect(row?.slice(0, 4)).toEqual([at(0), at(8), 'Early', null]);
});
