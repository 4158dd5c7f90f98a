import { describe, expect, it } from 'vitest';
import { demandRanges, exceedsSeenPower, highestPeaks, mainContributor, peaksShown } from './demand_peaks';

const quarter = 15 * 60_000;
const day = 86_400_000;
const period = (index: number, values: Record<string, number | null>) => ({
  start: index * quarter,
  end: (index + 1) * quarter,
  values: new Map(Object.entries(values)),
});

describe('the demand of a quarter hour', () => {
  it('is four times its energy, and the highest stands first', () => {
    const peaks = highestPeaks([period(0, { line: 1 }), period(1, { line: 1.5 })], 'line', day);
    expect(peaks).toEqual([
      { start: quarter, end: 2 * quarter, demandKw: 6 },
      { start: 0, end: quarter, demandKw: 4 },
    ]);
  });

  it('is not told before the quarter hour is over, nor where nothing is known', () => {
    expect(highestPeaks([period(0, { line: 1 }), period(1, { line: null })], 'line', quarter - 1)).toEqual([]);
  });

  it('is told of a few quarter hours only', () => {
    const many = Array.from({ length: 50 }, (_, index) => period(index, { line: index }));
    const peaks = highestPeaks(many, 'line', day);
    expect(peaks).toHaveLength(peaksShown);
    expect(peaks[0]?.demandKw).toBe(49 * 4);
  });

  it('is doubted when it is higher than any power that was seen', () => {
    expect(exceedsSeenPower(6, 5)).toBe(true);
    expect(exceedsSeenPower(6, null)).toBe(true);
    expect(exceedsSeenPower(6, 6)).toBe(false);
    expect(exceedsSeenPower(6, 9)).toBe(false);
  });
});

describe('the device that contributed most', () => {
  it('is told with its demand and its share, and is not the line', () => {
    const found = mainContributor(period(0, { line: 4, saw: 1, mill: 3 }), 'line');
    expect(found).toEqual({ id: 'mill', demandKw: 12, share: 0.75 });
  });

  it('is not known when one of them is not', () => {
    expect(mainContributor(period(0, { line: 4, saw: null, mill: 3 }), 'line')).toBeNull();
  });

  it('is none when none used anything', () => {
    expect(mainContributor(period(0, { line: 0, saw: 0 }), 'line')).toBeNull();
  });
});

describe('a long range', () => {
  it('is asked for in parts of 20 days without a gap between them', () => {
    expect(demandRanges({ start: 0, end: 30 * day })).toEqual([
      { start: 10 * day, end: 30 * day },
      { start: 0, end: 10 * day },
    ]);
  });

  it('is looked at for its last 100 days', () => {
    expect(demandRanges({ start: 0, end: 365 * day }).at(-1)).toEqual({ start: 265 * day, end: 285 * day });
  });
});
