import { describe, expect, it } from 'vitest';
import { changeOf, formatSigned, formatSignedPercent } from './change';

describe('a change', () => {
  it('is the difference, and its part of the earlier value', () => {
    expect(changeOf(110, 100)).toEqual({ difference: 10, ratio: 0.1 });
  });

  it('is not known when one of the two is not', () => {
    expect(changeOf(null, 100)).toEqual({ difference: null, ratio: null });
    expect(changeOf(100, undefined)).toEqual({ difference: null, ratio: null });
  });

  it('from 0 has no percentage', () => {
    expect(changeOf(5, 0)).toEqual({ difference: 5, ratio: null });
  });

  it('is shown with its sign, and without one when there is none', () => {
    expect(formatSigned(1234.5, 1, 'en')).toBe('+1,234.5');
    expect(formatSigned(-2, 1, 'en')).toBe('-2.0');
    expect(formatSigned(0, 1, 'en')).toBe('0.0');
    expect(formatSignedPercent(0.034, 'en')).toBe('+3.4%');
    expect(formatSignedPercent(null, 'en')).toBe('–');
  });
});
