import { describe, expect, it } from 'vitest';
import type { Point } from '@/api/types';
import { digitsOf, isDuration, StateWords } from './point_words';

const point = (value: number | null, word: string | null) => ({ point: 'press.status', value, word }) as Point;

describe('a value of a point', () => {
  it('has the decimals that its unit makes sense of', () => {
    expect(digitsOf('kWh', 'counter')).toBe(3);
    expect(digitsOf('kW', 'measurement')).toBe(2);
    expect(digitsOf('', 'counter')).toBe(0);
    expect(isDuration({ kind: 'counter', unit: 's' })).toBe(true);
    expect(isDuration({ kind: 'measurement', unit: 's' })).toBe(false);
  });
});

describe('the word of a state', () => {
  it('is known for the codes that were told, and for no other', () => {
    const words = new StateWords();
    words.learn([point(1, 'running'), point(null, null)]);
    words.learn([point(2, 'fault')]);

    expect(words.wordOf('press.status', 1)).toBe('running');
    expect(words.wordOf('press.status', 2)).toBe('fault');
    expect(words.wordOf('press.status', 0)).toBeNull();
    expect(words.wordOf('other.status', 1)).toBeNull();
  });
});
