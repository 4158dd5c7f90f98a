import { describe, expect, it } from 'vitest';
import { stackedBars } from './stacked_bars';

const bars = [
  { label: '00', values: [1, 3] },
  { label: '01', values: [null, 2] },
];

describe('stacked bars', () => {
  it('stand on each other: the second begins where the first ends', () => {
    const { boxes } = stackedBars(bars, 500, 200);
    const [first, second] = boxes;
    expect(second && first && second.y + second.height).toBeCloseTo(first?.y ?? NaN);
    expect((second?.height ?? NaN) / (first?.height ?? NaN)).toBeCloseTo(3);
  });

  it('have nothing where nothing is known, and what stands on it begins at the bottom', () => {
    const { boxes, bottom } = stackedBars(bars, 500, 200);
    expect(boxes).toHaveLength(3);
    const last = boxes[2];
    expect((last?.y ?? NaN) + (last?.height ?? NaN)).toBeCloseTo(bottom);
  });

  it('stay inside of the drawing', () => {
    const many = Array.from({ length: 31 }, (_, day) => ({ label: `11/${day}`, values: [day] }));
    const { boxes, left } = stackedBars(many, 340, 200);
    for (const { x, y, width } of boxes) {
      expect(x).toBeGreaterThanOrEqual(left);
      expect(x + width).toBeLessThanOrEqual(340);
      expect(y).toBeGreaterThanOrEqual(0);
    }
  });

  it('leave out labels where there is no room for all', () => {
    const many = Array.from({ length: 24 }, (_, hour) => ({ label: `${hour}:00`, values: [1] }));
    expect(stackedBars(many, 340, 200).labels.length).toBeLessThan(10);
    expect(stackedBars(many, 2000, 200).labels).toHaveLength(24);
  });

  it('of nothing are an empty frame', () => {
    expect(stackedBars([], 500, 200).boxes).toEqual([]);
  });
});
