import { describe, expect, it } from 'vitest';
import type { Point } from '@/api/types';
import { digitsOf, pointNow, StateWords } from './point_now';

const point = (more: Partial<Point> = {}): Point => ({
  point: 'conveyor.power_kw',
  device_id: 'conveyor',
  device_name: 'Conveyor',
  name: 'power_kw',
  tag: 'A.B',
  derived: false,
  access: 'R',
  data_type: 'Float',
  scan_ms: 1000,
  kind: 'measurement',
  unit: 'kW',
  low: 0,
  high: 100,
  value: 1.5,
  word: null,
  quality: 'good',
  status: 'Good',
  source_time: '2026-03-01T08:00:00Z',
  age_s: 1,
  stale: false,
  ...more,
});
const time = '2026-03-01T08:00:05Z';
const live = { v: 2.5, q: 'good' as const, t: time };

describe('a point now', () => {
  it('is what the API told until the feed tells, and then what the feed tells', () => {
    expect(pointNow(point(), live, 'none')).toMatchObject({ value: 1.5, quality: 'good', status: 'Good' });
    expect(pointNow(point(), live, 'fresh')).toMatchObject({
      value: 2.5,
      quality: 'good',
      time: Date.parse(time),
    });
  });

  it('has no value when it is bad, whatever number came with it', () => {
    const now = pointNow(point(), { ...live, q: 'bad', s: 0x80310000 }, 'fresh');
    expect(now).toMatchObject({ value: null, quality: 'bad', reason: 'noCommunication', code: '0x80310000' });
  });

  it('is bad when a feed that lives does not name it', () => {
    expect(pointNow(point(), undefined, 'fresh')).toMatchObject({
      value: null,
      quality: 'bad',
      reason: 'missing',
    });
  });

  it('is at best uncertain when the feed is old', () => {
    expect(pointNow(point(), live, 'old')).toMatchObject({ value: 2.5, quality: 'uncertain', reason: 'stale' });
    expect(pointNow(point(), { ...live, v: null, q: 'bad' }, 'old').quality).toBe('bad');
    expect(pointNow(point({ quality: 'uncertain', stale: true }), undefined, 'none').reason).toBe('stale');
  });
});

it('learns the words of codes and guesses none', () => {
  const words = StateWords.none.learn([point({ point: 'conveyor.status', value: 1, word: 'running' }), point()]);
  expect(words.of('conveyor.status', 1)).toBe('running');
  expect(words.of('conveyor.status', 2)).toBeNull();
  expect(words.learn([point({ point: 'conveyor.status', value: 1, word: 'running' })])).toBe(words);
});

it('shows counts whole and measurements and meters to the thousandth', () => {
  expect(digitsOf({ kind: 'counter', unit: '' })).toBe(0);
  expect(digitsOf({ kind: 'counter', unit: 's' })).toBe(0);
  expect(digitsOf({ kind: 'counter', unit: 'kWh' })).toBe(3);
  expect(digitsOf({ kind: 'measurement', unit: 'kW' })).toBe(3);
});
