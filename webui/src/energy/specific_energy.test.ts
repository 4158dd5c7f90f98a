import { describe, expect, it } from 'vitest';
import type { OeePeriod } from '@/api/types';
import { specificEnergy, specificInterval, specificPeriods } from './specific_energy';

const day = 86_400_000;
const pieces = (start: number, total_products: number, total_rejects: number) =>
  ({
    period: new Date(start).toISOString(),
    end: new Date(start + day).toISOString(),
    total_products,
    total_rejects,
  }) as OeePeriod;
const energy = (start: number, kwh: number | null) => ({
  start,
  end: start + day,
  values: new Map([['line', kwh]]),
});

describe('specific energy', () => {
  it('is the energy of a good piece: rejects use energy and are no product', () => {
    expect(specificPeriods([pieces(0, 110, 10)], [energy(0, 5)], 'line')).toEqual([
      { start: 0, end: day, kwh: 5, good: 100, kwhPerPiece: 0.05 },
    ]);
  });

  it('of a day without a good piece is not 0 and not endless but none', () => {
    expect(specificPeriods([pieces(0, 3, 3)], [energy(0, 5)], 'line')[0]?.kwhPerPiece).toBeNull();
  });

  it('of a day whose energy is not known is none', () => {
    expect(specificPeriods([pieces(0, 3, 0)], [energy(0, null)], 'line')[0]?.kwhPerPiece).toBeNull();
    expect(specificPeriods([pieces(0, 3, 0)], [energy(day, 5)], 'line')[0]?.kwhPerPiece).toBeNull();
  });

  it('needs both numbers', () => {
    expect(specificEnergy(null, 10)).toBeNull();
    expect(specificEnergy(5, undefined)).toBeNull();
    expect(specificEnergy(5, 10)).toBe(0.5);
  });

  it('is by day as long as days can be told apart', () => {
    expect(specificInterval({ start: 0, end: 31 * day })).toBe('day');
    expect(specificInterval({ start: 0, end: 365 * day })).toBe('week');
    expect(specificInterval({ start: 0, end: 800 * day })).toBe('month');
  });
});
