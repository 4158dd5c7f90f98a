// Readings for tests: a minute each, from the beginning of time.
import type { Point } from '@/api/types';
import type { Reading } from './readings';
import type { Period, Track } from './recording';

export const minute = 60_000;

export const point = (key: string, kind: Point['kind'] = 'measurement', unit = 'kW'): Point => {
  const [device_id = '', name = ''] = key.split('.');
  return { point: key, device_id, device_name: device_id, name, kind, unit } as Point;
};

export const reading = (index: number, value: number | null, more: Partial<Reading> = {}): Reading => ({
  from: index * minute,
  to: (index + 1) * minute,
  value,
  low: value,
  high: value,
  last: value,
  used: null,
  word: null,
  coverage: value === null ? 0 : 1,
  ...more,
});

export const track = (of: Point, values: readonly (number | null)[], first = 0): Track => ({
  point: of,
  readings: values.map((value, index) => reading(first + index, value)),
});

export const period = (tracks: Track[], more: Partial<Period> = {}): Period => ({
  range: { start: 0, end: 10 * minute },
  tracks,
  gaps: [],
  complete: true,
  ...more,
});
