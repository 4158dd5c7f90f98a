import type { Point } from '@/api/types';

/** Pieces and seconds are whole; energy has the watt-hours of its meter. */
export function digitsOf({ unit, kind }: Pick<Point, 'unit' | 'kind'>): number {
  if (kind === 'counter' && unit !== 'kWh') return 0;
  return unit === 'kWh' ? 3 : 2;
}
